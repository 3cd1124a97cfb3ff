"""The district report: all schools in one table, and what belongs to no school."""

from collections.abc import Sequence

from reports.page import Caps, fitted, render
from reports.rollup import most_broken, row, unregistered
from reports.school import words
from reports.story import Story, Week
from reports.words import Urgency, plural


def district_report(story: Story, schools: Sequence[Story], weeks: Sequence[Week]) -> str:
    """The district's page. `story` is what belongs to no school, `weeks` the open findings of the whole district."""
    return fitted(lambda caps: _draw(story, schools, weeks, caps))


def _draw(story: Story, schools: Sequence[Story], weeks: Sequence[Week], caps: Caps) -> str:
    everything = [story, *schools]
    return render(
        "district.html",
        rows=[row(school, story.district.accounts) for school in schools],
        weeks=tuple(weeks),
        most_broken=most_broken(everything),
        unregistered=unregistered(everything),
        headline=headline(everything),
        seen=what_was_seen(everything),
        told_at=max((s.told_at for s in everything if s.told_at), default=None),
        **words(story, caps),
    )


def headline(stories: Sequence[Story]) -> str:
    """One sentence for the whole district."""
    if not any(s.told_at for s in stories):
        return "No audit has looked here yet."
    today, week, tidy = (sum(s.sure(urgency) for s in stories) for urgency in Urgency)
    questions = sum(s.questions for s in stories)
    asked = f" {plural(questions, 'question waits', 'questions wait')} for an answer." if questions else ""
    if today or week:
        when = "today" if today else "this week"
        more = f", {week:,} more this week" if today and week else ""
        return f"{plural(today or week, 'thing needs', 'things need')} somebody {when}{more}.{asked}"
    if tidy:
        return (
            f"Nothing is urgent. There {'is' if tidy == 1 else 'are'} {plural(tidy, 'small thing')} to tidy up.{asked}"
        )
    if questions:
        return asked.strip()
    if all(s.complete for s in stories if s.accounts) and any(s.accounts for s in stories):
        quality = any(s.quality for s in stories)
        return "Nothing found against the policy." if quality else "Nothing found."
    return "We saw no trouble in what we could read. But we could not read everything."


def what_was_seen(stories: Sequence[Story]) -> str:
    """How far the headline reaches."""
    accounts = sum(len(s.accounts) for s in stories)
    if not accounts:
        return "No account is registered, so there was nothing to read."
    read = f"We read {plural(sum(s.documents for s in stories), 'page or file', 'pages and files')}."
    unread = sum(s.unread for s in stories)
    if not unread:
        return f"{read} All {plural(accounts, 'account')} were read completely."
    return f"{read} {unread:,} of {plural(accounts, 'account')} could not be read completely."
