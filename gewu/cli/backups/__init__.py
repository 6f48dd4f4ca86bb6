"""Copies of a whole installation: what a backup folder holds, and how it is taken from either store and put back.

    BACKUPS/rowkeys.sqlite3                 keys of single rows, shared by all backups (docs/adr/0002-row-keys.md)
    BACKUPS/2026-03-10T010203Z/             one backup; a folder without this name was broken off
        manifest.json                       what it is, the journal's head, hashes of the files beside
        database.sqlite3 | database.dump    without row keys and without sessions
        photos/                             ciphertexts, hard-linked where the disk allows it
        photos.tsv                          name and SHA-256 of each

No backup holds `GEWU_KEYS`.
"""
