"""Characters that XML 1.0 cannot hold, and so no picture in SVG either."""

FORBIDDEN = (*(code for code in range(0x20) if chr(code) not in "\t\n\r"), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)
"""Their code points."""
