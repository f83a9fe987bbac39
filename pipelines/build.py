"""Build an article from an observation: body, dates, organization, contacts, sources.

Pure: a record in, a record out. Which of several texts becomes the body, and which ministry a contact belongs
to, is decided here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from archive.changes.notices import is_notice
from archive.records import Article
from archive.text.normalize import one_line, without_spaces
from pipelines.attachments import main_document, twins
from pipelines.blocks import blocks_of_text, text_of
from pipelines.clean import blocks_to_body, clean_html
from pipelines.contacts import find_contacts
from pipelines.contacts.reconcile import reconcile
from pipelines.dates import read_date
from pipelines.organizations import resolve, with_organization
from pipelines.sources import find_publisher, find_source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.records import Attachment, BodySource, Contact, Link
    from pipelines.blocks import Block
    from pipelines.observation import Observation, ReadFile

PIPELINES_VERSION = 6
"""Raised by one with every change of what the pipelines make of the same page."""

_ENOUGH = 100  # characters; less, beside a fuller source, is a caption or a remark
# The portal's own words in place of a text (136 of 1,727 press releases, 2026-07).
_BOILERPLATE = re.compile(
    r"보도자료\s*내용입니다\.?\s*자세한\s*내용은\s*첨부\s*파일을\s*참고하시기\s*바랍니다\.?\s*$"
)


def build_article(observation: Observation) -> Article:
    """Make an article of all that was seen of it in one visit.

    Returns:
        The article; its body is the first of inline text, main attachment, viewer and full lead that says
        something, and ``body_texts`` holds the text of each of them that was read. Each contact has its
        ministry.
    """
    raw = observation.raw
    cleaned = clean_html(raw.body_html, raw.canonical_url)
    files = _with_texts(observation.files)
    own: BodySource = "api" if raw.layout.startswith("open_api") else "inline"
    read: dict[BodySource, Sequence[Block]] = {
        own: cleaned.blocks,
        "attachment": _main_blocks(files, raw.title),
        "viewer": observation.viewer_blocks,
        "lead": blocks_of_text(observation.full_lead or ""),
    }
    texts = {source: text for source, blocks in read.items() if (text := text_of(blocks).strip())}
    source = _choose(texts, raw.title)
    blocks = read.get(source, ())
    when, precision, printed = read_date(raw.published)
    publisher = raw.organization or find_publisher(raw, when)
    organization = resolve(publisher, raw.organization_code, when[:10] if when else None)
    origin = find_source(blocks, cleaned.links, raw)
    contacts = _contacts(read[own] or blocks, cleaned.links, files)
    return Article(
        site=raw.site,
        section=raw.section,
        native_id=raw.native_id,
        canonical_url=raw.canonical_url,
        title=raw.title,
        parser=f"{raw.parser}+{PIPELINES_VERSION}",
        layout=raw.layout,
        subtitle=raw.subtitle,
        published_at=when,
        published_precision=precision,
        published_raw=printed,
        organization=publisher,
        organization_code=raw.organization_code,
        organization_key=organization.key if organization else None,
        writer=raw.writer or origin.writer,
        presenter=raw.presenter,
        body=cleaned.body if source == own else blocks_to_body(blocks),
        body_source=source,
        body_texts=tuple(texts.items()),
        kogl_type=raw.kogl_type,
        kogl_text=raw.kogl_text,
        contacts=tuple(with_organization(contact, publisher, when) for contact in contacts),
        source=origin,
        attachments=_attachments(raw.attachments, files),
        images=cleaned.images,
        links=cleaned.links,
        modified_at=raw.modified_at,
        embargo_at=raw.embargo_at,
        revision=raw.revision,
        post=raw.post,
    )


def _with_texts(files: Sequence[ReadFile]) -> list[ReadFile]:
    """Return the files with their texts, each copy with the file that has the same in a better format."""
    known = [
        replace(attachment, text=attachment.text or text_of(blocks).strip() or None)
        for attachment, blocks in files
    ]
    copies = twins(known)
    return [
        (replace(attachment, twin_of=copies.get(attachment.file_id)), blocks)
        for attachment, (_, blocks) in zip(known, files, strict=True)
    ]


def _main_blocks(files: Sequence[ReadFile], title: str) -> Sequence[Block]:
    """Return the blocks of the file that is the release itself; none where all are appendices."""
    main = main_document([attachment for attachment, blocks in files if blocks], title)
    return next((blocks for attachment, blocks in files if attachment is main), ())


def is_boilerplate(text: str, title: str) -> bool:
    """Return whether a text only says that the text is elsewhere, or repeats the title."""
    folded = one_line(text)
    return folded == one_line(title) or bool(_BOILERPLATE.search(folded[-120:]))


def _choose(texts: dict[BodySource, str], title: str) -> BodySource:
    """Choose the first source that says something; a few words inline yield to the first fuller source."""
    own: BodySource = "api" if "api" in texts else "inline"
    if is_notice(texts.get(own, ""), title):  # no article's, and to be seen as what the page says
        return own
    saying = [source for source, text in texts.items() if not is_boilerplate(text, title)]
    if saying and saying[0] in ("inline", "api") and len(texts[saying[0]]) <= _ENOUGH:
        least = len(without_spaces(texts[saying[0]]))  # a list shows the same words without line breaks
        saying = [one for one in saying[1:] if len(without_spaces(texts[one])) > least] or saying
    return saying[0] if saying else "none"


def _contacts(
    blocks: Sequence[Block], links: Sequence[Link], files: Sequence[ReadFile]
) -> tuple[Contact, ...]:
    """Find the contacts of the article's own text and of its files; one person or number in both is one."""
    own = any(blocks is read for _, read in files)  # the text of a file, which is read below
    found = [] if own else list(find_contacts(blocks, links))
    for attachment, read in files:
        if not attachment.twin_of:
            found += [replace(contact, attachment=attachment.file_id) for contact in find_contacts(read)]
    return reconcile(found)


def _attachments(listed: Sequence[Attachment], files: Sequence[ReadFile]) -> tuple[Attachment, ...]:
    """Return the attachments in the order of the page, with what is known of those fetched."""
    fetched = {attachment.file_id: attachment for attachment, _ in files}
    return tuple(fetched.get(attachment.file_id, attachment) for attachment in listed)
