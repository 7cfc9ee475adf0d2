"""The QR stand on paper: what is printed, where on the page, and the page as PDF or PNG.

Nothing here touches the database or the clock, and the same stand on the same day gives the same bytes. Everything
is pure black on white, so that a photocopier prints it as well as a good printer does.
"""
