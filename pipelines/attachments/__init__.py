"""Text and tables out of attachments: HWPX, HWP 5 and PDF, recorded as what they are when they give none."""

from pipelines.attachments.document import Document, State
from pipelines.attachments.magic import detect_format
from pipelines.attachments.main_document import main_document, twins
from pipelines.attachments.readers import read_document

__all__ = ["Document", "State", "detect_format", "main_document", "read_document", "twins"]
