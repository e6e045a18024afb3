"""MkDocs hook: only calls what the command line calls too. Other engines do without it."""

from pathlib import Path

from macros import publish


def on_post_build(config):
    publish.after_build(Path(config.site_dir), Path(config.config_file_path).resolve().parent)
