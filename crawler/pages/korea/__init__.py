"""The page objects of korea.kr: articles, lists, the document viewer, the Open API."""
