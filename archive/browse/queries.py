"""Research questions in SQL: canned queries in Datasette and ``docs/queries.md``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class ResearchQuery:
    """One question.

    Attributes:
        name: of the canned query, as in its URL.
        title: the question in one line.
        description: what the result shows, and its limitations.
        sql: the query; ``:name`` are parameters, which Datasette prompts for.
        example: a value for each parameter, with results in the demo archive.
    """

    name: str
    title: str
    description: str
    sql: str
    example: tuple[tuple[str, str], ...] = ()


Q = ResearchQuery

QUERIES: tuple[ResearchQuery, ...] = (
    Q(
        "search",
        "검색: which articles are about something, best first?",
        "The ranked search of `briefing search`, with the words marked in the text.",
        """\
select a.id as article_id, a.title, substr(a.published_at, 1, 10) as published, a.organization,
  snippet_ko(t.body_text, :query) as snippet, a.url
from json_each(rank_ko(:query, 50)) best
join articles a on a.id = best.value
join article_texts t on t.article_id = a.id
order by best.key""",
        (("query", "무더위 쉼터"),),
    ),
    Q(
        "attention",
        "How did attention to a topic rise and fall?",
        "Articles a month that mention it, and their share of all articles of the month.",
        """\
with found as (
  select a.month, count(*) as articles from articles_fts f join articles a on a.id = f.rowid
  where f.articles_fts match search_ko(:query) group by a.month)
select found.month, found.articles,
  round(100.0 * found.articles / (select count(*) from articles a where a.month = found.month), 2) as percent
from found order by found.month""",
        (("query", "폭염"),),
    ),
    Q(
        "voices",
        "Which ministries speak about a topic, and since when?",
        "Ministries as resolved for the date of each article; the printed form where none was.",
        """\
select coalesce(o.name, a.organization) as ministry, count(*) as articles,
  min(substr(a.published_at, 1, 10)) as first, max(substr(a.published_at, 1, 10)) as last
from articles_fts f join articles a on a.id = f.rowid
left join organizations o on o.id = a.organization_id
where f.articles_fts match search_ko(:query)
group by 1 order by articles desc""",
        (("query", "어르신"),),
    ),
    Q(
        "whom_to_ask",
        "Who answers questions about a topic?",
        "Units named for enquiries by articles about it, the most recent first.",
        """\
select c.organization, c.department, group_concat(distinct c.phones) as phones,
  count(distinct c.article_id) as articles, max(substr(c.published_at, 1, 10)) as last_named
from article_contacts c
where c.article_id in (select rowid from articles_fts where articles_fts match search_ko(:query))
group by c.organization, c.department order by last_named desc, articles desc limit 50""",
        (("query", "전기요금"),),
    ),
    Q(
        "whose_number",
        "Whose number is this?",
        "Every unit that gave the number, with the days when it was first and last given.",
        """\
select c.organization, c.department, p.kind, count(distinct c.article_id) as articles,
  min(substr(a.published_at, 1, 10)) as first, max(substr(a.published_at, 1, 10)) as last
from contact_points p join contacts c on c.id = p.contact_id join articles a on a.id = c.article_id
where p.printed = :number
group by c.organization, c.department, p.kind order by last desc""",
        (("number", "044-202-0011"),),
    ),
    Q(
        "moved_numbers",
        "Which numbers passed from one unit to another?",
        "A sign of a reorganisation: one telephone, several units over time.",
        """\
select p.printed as number, count(distinct c.department) as units,
  group_concat(distinct c.department) as departments,
  min(substr(a.published_at, 1, 10)) as first, max(substr(a.published_at, 1, 10)) as last
from contact_points p join contacts c on c.id = p.contact_id join articles a on a.id = c.article_id
where p.kind = 'phone' and p.printed like '%-%-%'
group by p.printed having units > 1 order by units desc, number limit 200""",
    ),
    Q(
        "units_of_a_ministry",
        "What units does a ministry have, and what are their numbers?",
        "From the directory: every unit that ever answered for something. Any name of the ministry will do.",
        """\
select department, phones, emails, articles, first_seen, last_seen from directory
where organization in (select o.name from organization_names n
    join organizations o on o.id = n.organization_id where n.name = :ministry)
  or organization = :ministry
order by articles desc, department""",
        (("ministry", "보건복지부"),),
    ),
    Q(
        "output",
        "How much does each ministry publish?",
        "Articles by ministry, section and year; the index on these columns answers at once.",
        """\
select coalesce(o.name, '(not resolved)') as ministry, a.section, a.year, count(*) as articles
from articles a left join organizations o on o.id = a.organization_id
group by a.organization_id, a.section, a.year order by articles desc""",
    ),
    Q(
        "denials",
        "Who denies news reports, and how often?",
        "The articles of the section actually (denials and corrections of news) by ministry and month.",
        """\
select a.month, a.organization as ministry, count(*) as denials from articles a
where a.section = 'actually' group by a.month, a.organization order by a.month desc, denials desc""",
    ),
    Q(
        "publication_hours",
        "On which weekdays and at which hours is news published?",
        "Only articles whose minute is known; in files 0 is Sunday. Bad news is said to come late on Friday.",
        """\
select strftime('%w', substr(published_at, 1, 10)) as weekday, substr(published_at, 12, 2) as hour,
  count(*) as articles
from articles where published_precision = 'minute' group by weekday, hour order by weekday, hour""",
    ),
    Q(
        "most_edited",
        "Which ministries change what they published?",
        "Articles edited after publication and their share; articles, not edits, are counted.",
        """\
select a.organization as ministry, count(distinct v.article_id) as edited, count(distinct a.id) as articles,
  round(100.0 * count(distinct v.article_id) / count(distinct a.id), 1) as percent
from articles a left join versions v on v.article_id = a.id and v.kind = 'edit'
group by a.organization having edited > 0 order by percent desc, edited desc""",
    ),
    Q(
        "rewritten_headlines",
        "Which headlines were rewritten, and how?",
        "Both wordings side by side, the latest change first.",
        """\
select seen_at, article_id, organization, before, after, url from edits
where field = 'title' order by seen_at desc""",
    ),
    Q(
        "silent_changes",
        "What was said before, and is said no longer?",
        "Edits that took words out of a text: they stood in the earlier body and are not in the later.",
        """\
select e.seen_at, e.article_id, e.title, e.organization, e.number as version, e.url from edits e
where e.field = 'body' and instr(e.before, :words) > 0 and instr(e.after, :words) = 0
order by e.seen_at desc""",
        (("words", "620억"),),
    ),
    Q(
        "deleted",
        "What did the sites delete, and how long had it stood?",
        "Days from publication to the day when this archive found it gone.",
        """\
select a.id as article_id, a.title, a.organization, substr(a.published_at, 1, 10) as published,
  substr(v.seen_at, 1, 10) as found_gone,
  cast(julianday(substr(v.seen_at, 1, 10)) - julianday(substr(a.published_at, 1, 10)) as integer) as days,
  a.url
from versions v join articles a on a.id = v.article_id
where v.kind = 'gone' and a.state = 'gone' order by v.seen_at desc""",
    ),
    Q(
        "reissued",
        "What was re-issued under a new number?",
        "The earlier article and the one that replaced it.",
        """\
select old.native_id as old_number, new.native_id as new_number, new.id as article_id, new.title,
  new.organization, substr(old.published_at, 1, 10) as first_published, new.url
from articles old join articles new on new.id = old.superseded_by_id
where old.state = 'superseded' order by new.first_seen_at desc""",
    ),
    Q(
        "retelling_delay",
        "How fast are releases retold, and of whom?",
        "Days from the original to its retelling, by ministry of the original.",
        """\
select organization as ministry, count(*) as retellings, count(distinct original_id) as originals,
  round(avg(julianday(substr(published_at, 1, 10)) - julianday(substr(original_published_at, 1, 10))), 1)
    as mean_days
from retellings where score >= 0.9 group by organization order by retellings desc""",
    ),
    Q(
        "joint_releases",
        "Which ministries publish together?",
        "Pairs of ministries that issued the same release.",
        """\
select min(a.organization, b.organization) as one, max(a.organization, b.organization) as other,
  count(*) as releases, max(substr(a.published_at, 1, 10)) as last
from relations r join articles a on a.id = r.article_id join articles b on b.id = r.related_id
where r.kind = 'joint' group by 1, 2 order by releases desc""",
    ),
    Q(
        "unread_attachments",
        "Which attachments give no text, and why?",
        "By format and state: what a study of the texts does not see.",
        """\
select format, state, count(*) as files, sum(size) as bytes, min(detail) as reason from attachments
where removed_at is null and text is null and state <> 'text'
group by format, state order by files desc""",
    ),
    Q(
        "gaps",
        "Where is this archive not complete?",
        "Days and sections whose listing does not add up, with the reason. Cite it with every count.",
        """\
select section, day, total, found, archived, failed, lacking, reason from coverage
where complete = 0 or failed > 0 order by day desc, section""",
    ),
    Q(
        "provenance",
        "What does a statement of this archive rest on?",
        "Every fetch that showed an article: URL, time, response, and the hash of the bytes.",
        """\
select c.fetched_at, c.kind, c.status, c.url, c.body_sha256 as sha256, b.size as bytes
from captures c join bodies b on b.sha256 = c.body_sha256
where c.id in (select capture_id from article_captures where article_id = :article
  union select capture_id from versions where article_id = :article)
order by c.fetched_at, c.id""",
        (("article", "1"),),
    ),
)


def markdown() -> str:
    """Return ``docs/queries.md``: every question with its query."""
    return "".join(_page())


def _page() -> Iterator[str]:
    yield """# Research questions in SQL

<!-- Written by `make docs`; change archive/browse/queries.py instead. -->

Twenty questions that the archive answers. `briefing browse` offers each as a ready query; `:name` stands for
a value to fill in; the examples find something in the archive of `briefing demo`. The columns are
described in [columns.md](columns.md). Queries with `search_ko`, `rank_ko` or `snippet_ko` need the functions
that Datasette gets from our plugin (see [search.md](search.md)); all others run in any SQLite:
`sqlite3 archive.db < query.sql`.

When counting articles decide which states count: `state = 'live'` leaves out what the site deleted (`gone`)
and what was re-issued under another number (`superseded`).
"""
    for number, query in enumerate(QUERIES, 1):
        yield f"\n## {number}. {query.title}\n\n{query.description}\n"
        if query.example:
            yield (
                "For example " + ", ".join(f"`:{name}` = `{value}`" for name, value in query.example) + ".\n"
            )
        yield f"\n```sql\n{query.sql};\n```\n"
