"""Pictures and output folders behind addresses, such as s3://bucket/photos and https://host/a.png, through fsspec.

A picture is fetched into a file of this machine just before it is read. A file is sent when it is whole, in one request
that stores show completely or not at all; there is nothing to rename, and nothing to lock. When all files of a picture
are there, <folder of the picture>.done says so and for what: it takes the place of the journal, which needs a file to
which lines can be added.
"""
