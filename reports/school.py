"""The school report: one page that a principal reads in five minutes."""

from auditor.policy import Clause
from reports.page import plural, render
from reports.story import IN_FULL, State, Story, Urgency


def school_report(story: Story) -> str:
    """The whole report as one HTML file."""
    return render(
        "school.html",
        story=story,
        headline=headline(story),
        seen=what_was_seen(story),
        minutes=min(5, 1 + len(story.items[:IN_FULL]) // 4),
        **words(story),
    )


def words(story: Story) -> dict[str, object]:
    """What every template of a report may use beside its story."""

    def clause_source(clause: Clause) -> str:
        return f"{story.policy.name}, line {clause.lines}, clause {clause.id}"

    return {
        "urgencies": list(Urgency),
        "states": list(State),
        "in_full": IN_FULL,
        "clause_source": clause_source,
    }


def headline(story: Story) -> str:
    """The one sentence that stays, if no other is read."""
    soon = story.urgent(Urgency.TODAY) + story.urgent(Urgency.WEEK)
    if story.urgent(Urgency.TODAY):
        today = plural(story.urgent(Urgency.TODAY), "thing needs", "things need")
        return f"{today} you today. {plural(soon, 'thing')} in all this week."
    if soon:
        return f"{plural(soon, 'thing needs', 'things need')} you this week."
    if story.items:
        return f"Nothing is urgent. {plural(len(story.items), 'small thing')} to tidy up."
    if story.nothing_found:
        return "Nothing found. Every account was read completely."
    if story.complete:
        return "Nothing found against the policy. Every account was read completely."
    return "Nothing was found in what we could read, but we could not read everything."


def what_was_seen(story: Story) -> str:
    """How far the headline reaches."""
    if not story.accounts:
        return "No account is registered here, so nothing was checked."
    read = sum(a.documents for a in story.accounts)
    pages = plural(read, "page or file", "pages and files")
    accounts = plural(len(story.accounts), "account")
    if story.complete:
        return f"We read {pages} of {accounts}, all of them completely."
    return f"We read {pages} of {accounts}. {plural(story.unread, 'account')} could not be read completely."
