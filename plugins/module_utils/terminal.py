"""A plan on the terminal: one page, grouped by agency, cut where it would run off the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import wording
from .changes import Situation
from .phrase import Language, Phrase

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .changes import Plan, Remark
    from .safety import Finding

PER_AGENCY = 8  # changes shown before "… and 270 more"
PAGE = 60  # lines of changes before "… and 41 more agencies"
SAMPLE = 20  # remarks and findings shown


def page(
    plan: Plan,
    findings: Sequence[Finding] = (),
    where: str = "",
    language: str = Language.ENGLISH,
    *,
    ahead: bool = False,
) -> str:
    """Show a plan. ``where`` is the file with the whole of it; one that lies ahead is not to be applied.

    What to do now is said last, where the eye rests when the list has run by.
    """
    lines = [wording.heading(plan, language), *_notes(plan, language), *_listed(plan, language)]
    lines += ["", wording.summary(plan, language)]
    if coming := wording.coming(plan, language):
        lines.append(coming)
    if where and (plan.changes or plan.remarks):
        lines.append(Phrase("The whole plan is in {where}", {"where": where}).told(language))
    lines += _stops(findings, language)
    if plan.changes and ahead:
        lines.append(Phrase("To be looked at: its day has not come. Plan for today, and apply that.").told(language))
    elif plan.changes and not findings:
        command = f"ansible-playbook playbooks/apply.yml -e plan={plan.id[:12]}"
        lines.append(Phrase("Apply exactly this: {command}", {"command": command}).told(language))
    return "\n".join(lines) + "\n"


def more(count: int, language: str = Language.ENGLISH) -> Iterator[str]:
    """Yield a line that tells how many are not shown, if any."""
    if count > 0:
        yield f"  {Phrase('… and {count} more', {'count': count}).told(language)}"


def _stops(findings: Sequence[Finding], language: str) -> Iterator[str]:
    if findings:
        yield ""
        yield Phrase("STOPPED by a safety rail:").told(language)
    yield from stops(findings, language)


def stops(findings: Sequence[Finding], language: str = Language.ENGLISH) -> Iterator[str]:
    """Yield what the operator reads of each rail that stands."""
    for finding in findings[:SAMPLE]:
        first, *rest = finding.lines(language)
        yield from (f"  {first}", *(f"    {line}" for line in rest))
    yield from more(len(findings) - SAMPLE, language)


def _notes(plan: Plan, language: str) -> Iterator[str]:
    quiet = [remark for remark in plan.remarks if not remark.blocking]
    if not quiet:
        return
    yield ""
    yield wording.left_alone(plan, language)
    # What wants a decision is shown before what is merely somebody else's.
    ordered = sorted(quiet, key=_urgency)
    yield from (f"  {remark.dn}: {remark.message.told(language)}" for remark in ordered[:SAMPLE])
    yield from more(len(ordered) - SAMPLE, language)


def _urgency(remark: Remark) -> tuple[bool, str]:
    return remark.situation in (Situation.FOREIGN, Situation.UNMANAGED), remark.dn


def _listed(plan: Plan, language: str) -> Iterator[str]:
    """List changes by agency; where they are too many, those that people will notice stay."""
    agencies = wording.by_agency(plan)
    shown: set[str] = set()
    room = PAGE
    for agency in sorted(agencies, key=lambda code: min(map(wording.weight, agencies[code]))):
        room -= min(len(agencies[agency]), PER_AGENCY + 1) + 2
        if room < 0 and shown:
            break
        shown.add(agency)
    for agency in sorted(shown):
        changes = sorted(agencies[agency], key=wording.weight)
        rest = changes[PER_AGENCY:]
        yield from ("", agency or Phrase("outside all agencies").told(language))
        for change in sorted(changes[:PER_AGENCY]):
            source = wording.source(change)
            unsaid = "" if source else wording.reason(change, language)
            said = [wording.described(change, language), *([unsaid] if unsaid else [])]
            joint = "; " if any(wording.details(change)) else ": "
            yield f"  {wording.sign(change)} {joint.join(said)}{'  ' if source else ''}{source}"
        if rest:
            facts = {"count": len(rest), "tally": wording.tally(rest, language)}
            yield f"  {Phrase('… and {count} more: {tally}', facts).told(language)}"
    left = [change for agency in agencies.keys() - shown for change in agencies[agency]]
    if left:
        facts = {"count": len(agencies) - len(shown), "tally": wording.tally(left, language)}
        yield from ("", Phrase("… and {count} more agencies: {tally}", facts).told(language))
