"""What cannot be read on a page: its own script finds it in a browser."""

from __future__ import annotations

# Each text against what lies under it, by WCAG 2.2, 1.4.3 and the field's border by 1.4.11.
FAINT = """() => {
  const numbers = colour => colour.match(/[0-9.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const under = element => {
    for (; element; element = element.parentElement) {
      const found = numbers(getComputedStyle(element).backgroundColor);
      if (found[3] !== 0) return found;
    }
  };
  const ratio = (one, other) => {
    const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    if (ratio(numbers(getComputedStyle(element).color), under(element)) < 4.5) faint.push(walker.currentNode.data);
  }
  const input = document.querySelector("input");
  if (!input) return faint;
  const own = numbers(getComputedStyle(input).backgroundColor);
  if (ratio(numbers(getComputedStyle(input, "::placeholder").color), own) < 4.5) faint.push("placeholder");
  if (ratio(numbers(getComputedStyle(input).borderColor), under(document.body)) < 3) faint.push("border");
  return faint;
}"""
