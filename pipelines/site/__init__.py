"""The advisers' site: an analysis in, pages out; `publish.build_site` writes them whole."""
