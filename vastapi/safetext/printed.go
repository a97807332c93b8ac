package safetext

import "strings"

// state takes what a printed line was until it began anew or ended, without colours. One in
// which nothing was to be seen is left out, unless the line was nothing else.
func (l *Lines) state(text string, ends bool) {
	text = uncoloured(text[:scanEnd(text)])
	seen := strings.Trim(text, " ") != ""
	if seen || ends && !l.stated {
		l.push(cleanLine(text))
	}
	l.stated = !ends && (l.stated || seen)
}

// uncoloured is line without what only changes how a terminal shows it: colours, the
// erasing of what stands behind the cursor, the cursor's being hidden. Other controls
// stay, to become pictures: whoever moves the cursor or sets a title is to be seen.
func uncoloured(line string) string {
	at := strings.Index(line, "\x1b[")
	if at < 0 {
		return line
	}
	var b strings.Builder
	b.Grow(len(line))
	for ; at >= 0; at = strings.Index(line, "\x1b[") {
		b.WriteString(line[:at])
		line = line[at:]
		n := lookLength(line)
		if n == 0 {
			n = len("\x1b[")
			b.WriteString(line[:n])
		}
		line = line[n:]
	}
	b.WriteString(line)
	return b.String()
}

// lookLength is how many bytes the control sequence has that s begins with, 0 when it
// does more than change a look.
func lookLength(s string) int {
	for i := len("\x1b["); i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9' || c == ';' || c == ':' || c == '?':
		case c == 'm' || c == 'K' || c == 'h' || c == 'l':
			return i + 1
		default:
			return 0
		}
	}
	return 0
}
