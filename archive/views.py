"""The views that researchers read, each with its description."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """One view: what a row is, its columns, and its query."""

    name: str
    title: str
    description: str
    columns: dict[str, str]
    query: str

    def statements(self) -> tuple[str, ...]:
        """Write the CREATE statement, as tables do."""
        return (f"CREATE VIEW {self.name} ({', '.join(self.columns)}) AS\n{self.query}",)


ARTICLE_CONTACTS = View(
    "article_contacts",
    "Contacts with their articles",
    "Every contact with the article that names it: who answers questions, about what, under which number.",
    {
        "contact_id": "The contact.",
        "article_id": "The article.",
        "site": "The site.",
        "section": "The section.",
        "published_at": "When the article was published, Korean time.",
        "title": "Its headline.",
        "publisher": "Ministry or agency that published it, as printed.",
        "organization": "Official name of the contact's ministry where it is known, else as printed.",
        "organization_by": "printed when the text names it; published when it is the publishing ministry.",
        "department": "The rest of the unit's path, as printed.",
        "role": "책임자, 담당자 or 문의, as printed.",
        "person": "Name.",
        "rank": "Rank or office.",
        "phones": "Telephone numbers, separated by commas; an extension stands after 내선.",
        "faxes": "Fax numbers, separated by commas.",
        "emails": "E-mail addresses, separated by commas.",
        "attachment": "Name of the file that holds it; empty for the body.",
        "evidence": "The snippet of text that says so.",
        "url": "Canonical URL of the article.",
        "state": "live, gone or superseded: a re-issued article has its contacts under both ids.",
        "owner_by": "How its owner is known: printed, grid, clause, scope or none.",
        "owner_score": "How sure that is, from 0 to 1.",
    },
    """SELECT c.id, a.id, a.site, a.section, a.published_at, a.title, a.organization,
  coalesce(o.name, c.organization), c.organization_by, c.department, c.role, c.person, c.rank,
  (SELECT group_concat(shown, ', ') FROM (SELECT printed || coalesce(' 내선 ' || extension, '') AS shown
    FROM contact_points WHERE contact_id = c.id AND kind = 'phone' ORDER BY id)),
  (SELECT group_concat(printed, ', ') FROM (SELECT printed FROM contact_points
    WHERE contact_id = c.id AND kind = 'fax' ORDER BY id)),
  (SELECT group_concat(printed, ', ') FROM (SELECT printed FROM contact_points
    WHERE contact_id = c.id AND kind = 'email' ORDER BY id)),
  f.name, c.evidence, a.url, a.state, c.owner_by, c.owner_score
FROM contacts c JOIN articles a ON a.id = c.article_id
LEFT JOIN organizations o ON o.id = c.organization_id
LEFT JOIN attachments f ON f.id = c.attachment_id""",
)

ATTACHMENT_TEXTS = View(
    "attachment_texts",
    "Texts of attachments",
    "Every attachment with the text that it holds; a text that stands elsewhere in the article is kept once.",
    {
        "attachment_id": "The attachment.",
        "article_id": "The article.",
        "file_name": "File name from the link text.",
        "text": "The text that it holds; empty where none could be read.",
    },
    """SELECT f.id, f.article_id, f.name, CASE f.text_in
    WHEN 'body' THEN (SELECT body_text FROM article_texts t WHERE t.article_id = f.article_id)
    WHEN 'twin' THEN (SELECT coalesce(w.text, t.body_text) FROM attachments w
      LEFT JOIN article_texts t ON t.article_id = w.article_id AND w.text_in = 'body'
      WHERE w.id = f.twin_of_id)
    ELSE f.text END
FROM attachments f""",
)

EDITS = View(
    "edits",
    "Edits",
    "Every change that this archive saw after an article's first version: a row a changed field, with the"
    " value before and after; deletions, returns and re-issues too.",
    {
        "article_id": "The article.",
        "number": "Number of the version that the change made.",
        "seen_at": "When this archive saw it.",
        "kind": "edit, gone, restored or superseded.",
        "field": "The field that changed: title, subtitle, published_at, organization, body or attachments.",
        "before": "Its value before; a JSON array for attachments.",
        "after": "Its value after.",
        "title": "Headline now.",
        "organization": "Ministry as printed now.",
        "url": "Canonical URL.",
    },
    """SELECT v.article_id, v.number, v.seen_at, v.kind, f.value,
  json_extract(v.earlier, '$.' || f.value),
  CASE WHEN n.id IS NOT NULL THEN json_extract(n.earlier, '$.' || f.value)
    WHEN f.value = 'title' THEN a.title
    WHEN f.value = 'subtitle' THEN a.subtitle
    WHEN f.value = 'published_at' THEN a.published_at
    WHEN f.value = 'organization' THEN a.organization
    WHEN f.value = 'body' THEN (SELECT body_text FROM article_texts t WHERE t.article_id = a.id)
    WHEN f.value = 'attachments' THEN (
      SELECT json_group_array(json_object('file_id', file_id, 'name', name, 'sha256', sha256)) FROM (
        SELECT file_id, name, sha256 FROM attachments
        WHERE article_id = a.id AND removed_at IS NULL ORDER BY position))
  END,
  a.title, a.organization, a.url
FROM versions v JOIN articles a ON a.id = v.article_id
LEFT JOIN json_each(v.changed) f
LEFT JOIN versions n ON n.id = (
  SELECT id FROM versions later WHERE later.article_id = v.article_id AND later.number > v.number
  AND json_type(later.earlier, '$.' || f.value) IS NOT NULL ORDER BY later.number LIMIT 1)
WHERE v.kind <> 'new'""",
)

COVERAGE = View(
    "coverage",
    "Coverage",
    "Every section and day that was listed: what the site counts, what was found and archived, and why they"
    " differ.",
    {
        "site": "The site.",
        "section": "The section.",
        "day": "The day, Korean time.",
        "total": "The site's own count (총 N건); empty where it gives none.",
        "found": "Items found on the list pages.",
        "archived": "Of these, in the archive.",
        "failed": "Of these, not in the archive for a recorded failure.",
        "lacking": "Of these, neither archived nor failed.",
        "complete": "1 when all is accounted for.",
        "reason": "Why it is not complete, or what failed.",
        "checked_at": "When the list was last read.",
    },
    """SELECT site, section, day, total, found, archived, failed, found - archived - failed, complete,
  CASE WHEN NOT read_whole THEN coalesce(detail, 'the list was not read whole')
    WHEN total <> found THEN 'the site counts ' || total || ', its list shows ' || found
    WHEN detail IS NOT NULL THEN detail
    WHEN archived + failed < found THEN (found - archived - failed) || ' not fetched yet'
    WHEN failed > 0 THEN failed || ' failed, recorded for the next run'
  END,
  checked_at
FROM listings""",
)

DIRECTORY = View(
    "directory",
    "Directory",
    "Every unit that ever answered for something: its numbers, its people, when it was first and last named.",
    {
        "organization": "Ministry or agency: official name where known, else as printed.",
        "department": "The rest of the unit's path, as printed.",
        "phones": "Every telephone number given for it, separated by commas.",
        "emails": "Every e-mail address given for it, separated by commas.",
        "persons": "Every person named for it, separated by commas.",
        "first_seen": "Day of the first article that names it.",
        "last_seen": "Day of the last.",
        "articles": "Number of articles that name it; one re-issued under another id counts once.",
    },
    """SELECT coalesce(o.name, c.organization), c.department,
  group_concat(DISTINCT iif(p.kind = 'phone', p.printed, NULL)),
  group_concat(DISTINCT iif(p.kind = 'email', p.printed, NULL)),
  group_concat(DISTINCT c.person),
  min(substr(a.published_at, 1, 10)), max(substr(a.published_at, 1, 10)),
  count(DISTINCT coalesce(a.superseded_by_id, a.id))
FROM contacts c JOIN articles a ON a.id = c.article_id
LEFT JOIN organizations o ON o.id = c.organization_id
LEFT JOIN contact_points p ON p.contact_id = c.id
GROUP BY 1, 2""",
)

RETELLINGS = View(
    "retellings",
    "Retellings",
    "Every article that retells another, beside the one it retells, with how sure this is and why.",
    {
        "article_id": "The article that retells.",
        "site": "Its site.",
        "title": "Its headline.",
        "published_at": "When it was published, Korean time.",
        "original_id": "The article that it retells.",
        "original_section": "Section of the original.",
        "original_title": "Headline of the original.",
        "original_published_at": "When the original was published, Korean time.",
        "original_state": "live, gone, or superseded when the original was re-issued under another id.",
        "organization": "Ministry of the original, as printed.",
        "score": "How sure this is, 0 to 1.",
        "reason": "What it rests on.",
    },
    """SELECT a.id, a.site, a.title, a.published_at, b.id, b.section, b.title, b.published_at, b.state,
  b.organization, r.score, r.reason
FROM relations r JOIN articles a ON a.id = r.article_id JOIN articles b ON b.id = r.related_id
WHERE r.kind = 'retells'""",
)

VIEWS = (ARTICLE_CONTACTS, ATTACHMENT_TEXTS, EDITS, COVERAGE, DIRECTORY, RETELLINGS)
