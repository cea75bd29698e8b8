// Finds agencies and officials while somebody types, with diacritics or without. Nothing that is typed leaves the browser.
"use strict";

(() => {
  const MOST = 50; // results shown; more is no answer to anything
  const form = document.getElementById("tim");
  const input = document.getElementById("tu-khoa");
  const status = document.getElementById("so-ket-qua");
  const results = document.getElementById("ket-qua");
  const list = results.querySelector("ul");
  const page = document.getElementById("trang");
  const root = form.dataset.root;

  const plain = text => text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");
  // Words in lower case, a blank before each: " so noi vu".
  const spelt = text => ` ${text.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{N}@._]+/gu, " ").trim()}`;

  const entry = (href, name, facts, address, weight) => {
    const title = spelt(name);
    return { href, name, facts: facts.filter(Boolean), address, weight, title, folded: plain(title),
      text: plain(title + spelt(facts.join(" ")) + spelt(address)) };
  };

  const read = ({ titles, units: parts, offices }) => offices.flatMap(([name, address, code, units, people]) => {
    const href = `${root}co-quan/${code}.html`;
    return [
      entry(href, name, [], address, 1),
      ...people.map(([who, title, unit, mail], place) =>
        entry(`${href}#n${place + 1}`, who, [titles[title], parts[unit], name], mail, 0)),
      ...units.map(([unit, mail]) => entry(href, parts[unit], [name], mail, 0)),
    ];
  });

  let loading;
  const load = () => {
    loading ??= fetch(`${root}tim.json`)
      .then(answer => answer.ok ? answer.json() : Promise.reject(new Error(answer.status)))
      .then(read);
    return loading;
  };

  // Every word must begin one of the entry's; if none has them all so, being part of one is enough.
  const find = (entries, query) => {
    const asked = spelt(query), folded = plain(asked), words = folded.trim().split(" ");
    const among = blank => entries.filter(({ text }) => words.every(word => text.includes(blank + word)));
    let found = among(" ");
    if (!found.length) found = among("");
    const score = ({ title, folded: own, weight }) =>
      (`${title} `.includes(`${asked} `) ? 16 : 0) + (`${own} `.includes(`${folded} `) ? 8 : 0) +
      (own.includes(folded) ? 4 : 0) + (words.every(word => own.includes(` ${word}`)) ? 2 : 0) + weight;
    return found.map(one => [score(one), one]).sort(([one], [other]) => other - one).map(([, one]) => one);
  };

  const part = (kind, name, text) => {
    const made = document.createElement(kind);
    made.className = name;
    made.textContent = text;
    return made;
  };

  const row = ({ href, name, facts, address }) => {
    const item = document.createElement("li");
    const link = part("a", "who", name);
    link.href = href;
    item.append(link, " ");
    if (facts.length) item.append(part("span", "what", facts.join(", ")), " ");
    if (address) {
      const mail = part("a", "where mail", address);
      mail.href = `mailto:${address}`;
      item.append(mail);
    }
    return item;
  };

  const show = (found, query) => {
    results.hidden = !query;
    page.hidden = Boolean(query);
    list.replaceChildren(...found.slice(0, MOST).map(row));
    if (!query) status.textContent = "";
    else if (!found.length) status.textContent = "Không tìm thấy.";
    else if (found.length > MOST) status.textContent = `${found.length} kết quả, hiện ${MOST} kết quả đầu; gõ thêm để thu hẹp.`;
    else status.textContent = `${found.length} kết quả.`;
  };

  const search = async () => {
    const query = input.value.trim();
    // The way back from an agency leads to the results again; what follows a # is never sent to a server.
    if (query) history.replaceState(null, "", `#tim=${encodeURIComponent(query)}`);
    else if (location.hash.startsWith("#tim=")) history.replaceState(null, "", location.pathname);
    if (!query) return show([], "");
    try {
      const entries = await load();
      if (query === input.value.trim()) show(find(entries, query), query);
    } catch {
      loading = undefined;
      status.textContent = "Chưa tải được dữ liệu tìm kiếm; xin xem danh sách dưới đây.";
    }
  };

  // Down and up go from the field through the results and back.
  const step = (event, by) => {
    const links = [input, ...list.querySelectorAll("a.who")];
    const next = links[links.indexOf(document.activeElement) + by];
    if (results.hidden || !next) return;
    event.preventDefault();
    next.focus();
  };

  form.hidden = false;
  form.addEventListener("submit", event => event.preventDefault());
  input.addEventListener("input", search);
  input.addEventListener("focus", () => load().catch(() => { loading = undefined; }), { once: true });
  document.addEventListener("keydown", event => {
    const inside = form.contains(document.activeElement) || results.contains(document.activeElement);
    if (!inside || event.isComposing) return;
    if (event.key === "ArrowDown") step(event, 1);
    else if (event.key === "ArrowUp") step(event, -1);
    else if (event.key === "Escape") {
      input.value = "";
      input.focus();
      search();
    }
  });

  const arrive = () => {
    const asked = new URLSearchParams(location.hash.slice(1)).get("tim");
    const target = document.getElementById(location.hash.slice(1));
    if (asked === null && !(target && page.hidden && page.contains(target))) return;
    input.value = asked ?? "";
    search();
    target?.scrollIntoView();
  };
  addEventListener("hashchange", arrive);
  arrive();
})();
