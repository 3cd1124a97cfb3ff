"""The school report: one page that a principal reads in five minutes."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from auditor.policy import Clause
from reports.items import Task, divide, shortened, tasks
from reports.page import Caps, fitted, render
from reports.story import Story
from reports.words import State, Urgency, plural

START_WITH = 3
"""How many kinds of trouble the first screen names."""

QUALITY_CASES = 5
"""How many cases of one kind of site quality are told; one site may have thousands of dead links."""


class Start(NamedTuple):
    """A kind of trouble to start with: its first task with its number on the page, and what belongs to it."""

    task: Task
    number: int
    cases: int
    due: date


def school_report(story: Story) -> str:
    """The whole report as one HTML file."""
    return fitted(lambda caps: _draw(story, caps))


def _draw(story: Story, caps: Caps) -> str:
    return render("school.html", headline=headline(story), seen=what_was_seen(story), **words(story, caps))


def words(story: Story, caps: Caps) -> dict[str, object]:
    """What every template of a report may use beside its story."""
    full, rest = divide(story.tasks, caps.full)
    return {
        "story": story,
        "caps": caps,
        "urgencies": list(Urgency),
        "states": list(State),
        "tasks": full,
        "rest": rest,
        "start_with": start_with(full),
        "quality": shortened(tasks(story.quality), min(caps.full, QUALITY_CASES)),
        "clause_source": lambda clause: clause_source(story, clause),
        "minutes": min(5, 1 + sum(2 + len(task.items) for task in full) // 10),
    }


def start_with(all_tasks: Sequence[Task]) -> list[Start]:
    """What comes first, each kind of trouble once, however many remedies it has."""
    kinds: dict[tuple[object, ...], list[tuple[int, Task]]] = defaultdict(list)
    for number, task in enumerate(all_tasks, 1):
        kinds[task.head.rule, task.head.question, task.head.urgency].append((number, task))
    return [
        Start(alike[0][1], alike[0][0], sum(t.cases for _, t in alike), min(t.due for _, t in alike))
        for alike in list(kinds.values())[:START_WITH]
    ]


def clause_source(story: Story, clause: Clause) -> str:
    """Where in the policy a clause stands."""
    lines = "lines" if "-" in clause.lines else "line"
    return f"{story.policy.name}, {lines} {clause.lines}, clause {clause.id}"


def headline(story: Story) -> str:
    """The one sentence that stays, if no other is read."""
    if story.told_at is None:
        return "No audit has looked here yet."
    today, week, tidy = (story.sure(urgency) for urgency in Urgency)
    if today:
        first = (
            plural(today, "thing needs", "things need")
            + " you today"
            + (f", {week:,} more this week." if week else ".")
        )
    elif week:
        first = plural(week, "thing needs", "things need") + " you this week."
    elif tidy:
        first = f"Nothing is urgent. There {'is' if tidy == 1 else 'are'} {plural(tidy, 'small thing')} to tidy up."
    elif story.questions:
        first = ""
    else:
        return _nothing(story)
    if not story.questions:
        return first
    return f"{first} {plural(story.questions, 'question waits', 'questions wait')} for your answer.".strip()


def _nothing(story: Story) -> str:
    """What is said where the policy has nothing to ask; the two words of praise only where all was read."""
    if not story.accounts:
        return "No account is registered here."
    if not story.complete:
        return "We saw no trouble in what we could read. But we could not read everything."
    found = "Nothing found against the policy." if story.quality else "Nothing found."
    if story.rules_unjudged:
        return f"{found} But {plural(story.rules_unjudged, 'rule')} could not be checked."
    return found


def what_was_seen(story: Story) -> str:
    """How far the headline reaches."""
    if not story.accounts:
        return "No account is registered here, so there was nothing to read."
    read = f"We read {plural(story.documents, 'page or file', 'pages and files')}."
    if len(story.accounts) == 1:
        return f"{read} Your one account {'was' if story.complete else 'could not be'} read completely."
    accounts = plural(len(story.accounts), "account")
    if story.complete:
        return f"{read} All {accounts} were read completely."
    return f"{read} {story.unread:,} of {accounts} could not be read completely."
