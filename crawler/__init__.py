"""What to fetch and how politely: Scrapy settings, spiders, page objects, revisit policy."""

import os

# Scrapy's cookies ask tldextract which domains are public suffixes. At first use that fetches the newest
# list from the network, unless it is told here, before it is loaded, to take the list that comes with it.
os.environ["TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS"] = ""
