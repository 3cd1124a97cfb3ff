"""The district report: all schools in one table, and what belongs to no school."""

from collections.abc import Sequence

from reports.page import plural, render
from reports.school import what_was_seen, words
from reports.story import Story, Urgency, Week, worst_rules


def district_report(story: Story, schools: Sequence[Story], weeks: Sequence[Week]) -> str:
    """The district's page. `story` is what belongs to no school, `weeks` the open findings of the whole district."""
    return render(
        "district.html",
        story=story,
        schools=schools,
        weeks=tuple(weeks),
        worst=worst_rules([story, *schools]),
        headline=headline([story, *schools]),
        seen=_seen([story, *schools]),
        **words(story),
    )


def headline(stories: Sequence[Story]) -> str:
    """One sentence for the whole district."""
    today = sum(s.urgent(Urgency.TODAY) for s in stories)
    week = sum(s.urgent(Urgency.WEEK) for s in stories)
    if today or week:
        return f"{plural(today, 'thing')} to act on today, {week} this week, in all schools together."
    if all(s.complete or not s.accounts for s in stories) and any(s.accounts for s in stories):
        return "Nothing urgent was found. Every account was read completely."
    return "Nothing urgent was found in what we could read, but we could not read everything."


def _seen(stories: Sequence[Story]) -> str:
    told = [s for s in stories if s.accounts]
    if not told:
        return what_was_seen(stories[0])
    accounts = sum(len(s.accounts) for s in told)
    unread = sum(s.unread for s in told)
    pages = sum(a.documents for s in told for a in s.accounts)
    rest = f" {plural(unread, 'account')} could not be read completely." if unread else " All were read completely."
    return f"We read {plural(pages, 'page or file', 'pages and files')} of {plural(accounts, 'account')}.{rest}"
