package safetext

import (
	"iter"
	"strings"
)

const (
	// MaxLineRunes is how long one line of Lines may be.
	MaxLineRunes = 4096
	tabStop      = 8
	// maxPartial bounds an unfinished line: a stream without line ends must
	// not grow without limit.
	maxPartial = maxScan
)

// Lines holds the newest lines of a longer text from outside: logs, scripts,
// raw JSON, readmes. The text is split at line feeds first and each line is then
// made inert, so no line can forge another. When a limit is reached the oldest
// lines go and are counted. It is not safe for use by several goroutines.
type Lines struct {
	ring     []string
	first    int
	count    int
	bytes    int
	maxLines int
	maxBytes int
	dropped  int
	partial  []byte
	skipping bool // the rest of an over-long unfinished line is being left out
	printed  bool // it is what a program printed: see NewPrinted
	stated   bool // a state of the line that is being printed has been taken
}

// NewLines returns an empty Lines that keeps at most maxLines lines and maxBytes
// bytes; a limit below one is taken as one.
func NewLines(maxLines, maxBytes int) *Lines {
	return &Lines{maxLines: max(maxLines, 1), maxBytes: max(maxBytes, 1)}
}

// NewPrinted is NewLines for what a program printed as if to a terminal: colours and
// the erasing of a line are left out, and a carriage return ends a line as a line feed
// does, so that each state of a progress bar is a line of its own.
func NewPrinted(maxLines, maxBytes int) *Lines {
	l := NewLines(maxLines, maxBytes)
	l.printed = true
	return l
}

// Lines returns the text as lines, as many of the last as the limits admit.
func (t Text) Lines(maxLines, maxBytes int) *Lines {
	l := NewLines(maxLines, maxBytes)
	l.Add(t.Wire())
	l.Flush()
	return l
}

// Add appends text. A last line without its line feed is held back until more
// text or Flush completes it.
func (l *Lines) Add(text string) {
	for {
		end := l.end(text)
		if end < 0 {
			l.hold(text)
			return
		}
		l.finish(text[:end], text[end] == '\n')
		text = text[end+1:]
	}
}

// end is where the first line of text ends, or the first state of a printed one; below 0
// when neither does.
func (l *Lines) end(text string) int {
	if l.printed {
		return strings.IndexAny(text, "\r\n")
	}
	return strings.IndexByte(text, '\n')
}

// Write appends p as Add does; it makes Lines an io.Writer and never fails.
func (l *Lines) Write(p []byte) (int, error) {
	l.Add(string(p))
	return len(p), nil
}

// Flush ends the line that is held back, if there is one.
func (l *Lines) Flush() {
	if len(l.partial) > 0 {
		l.finish("", true)
	}
	l.stated = false
}

// Len returns how many lines are held.
func (l *Lines) Len() int { return l.count }

// At returns the inert line i, counted from the oldest held; 0 ≤ i < Len.
func (l *Lines) At(i int) string {
	if i < 0 || i >= l.count {
		return ""
	}
	return l.ring[(l.first+i)%len(l.ring)]
}

// All yields the lines held with their places, the oldest first.
func (l *Lines) All() iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i := range l.count {
			if !yield(i, l.At(i)) {
				return
			}
		}
	}
}

// Dropped returns how many lines went because newer ones needed their place.
func (l *Lines) Dropped() int { return l.dropped }

func (l *Lines) hold(text string) {
	if l.skipping {
		return
	}
	if room := maxPartial - len(l.partial); len(text) > room {
		text, l.skipping = text[:room], true
	}
	l.partial = append(l.partial, text...)
}

// finish takes a line, or a state of one that goes on.
func (l *Lines) finish(text string, ends bool) {
	if len(l.partial) > 0 || l.skipping {
		l.hold(text)
		text = string(l.partial)
	}
	l.partial, l.skipping = l.partial[:0], false
	if l.printed {
		l.state(text, ends)
		return
	}
	l.push(cleanLine(text))
}

// cleanLine makes one line of a longer text inert. Tabs become columns, which a
// single cell of a table has no use for but a log is unreadable without.
func cleanLine(line string) string {
	line = strings.TrimSuffix(line, "\r")
	if len(line) > maxScan {
		line = line[:scanEnd(line)]
	}
	// A copy, so that one line kept does not hold the whole text it came in.
	return strings.Clone(Clean(expandTabs(line), MaxLineRunes))
}

func expandTabs(line string) string {
	if !strings.Contains(line, "\t") {
		return line
	}
	var b strings.Builder
	column := 0
	for _, r := range strings.ToValidUTF8(line, "\ufffd") {
		if r != '\t' {
			b.WriteRune(r)
			column++
			continue
		}
		n := tabStop - column%tabStop
		b.WriteString("        "[:n])
		column += n
	}
	return b.String()
}

func (l *Lines) push(line string) {
	for l.count > 0 && (l.count == l.maxLines || l.bytes+len(line) > l.maxBytes) {
		l.pop()
	}
	if l.count == len(l.ring) {
		l.grow()
	}
	l.ring[(l.first+l.count)%len(l.ring)] = line
	l.count++
	l.bytes += len(line)
}

func (l *Lines) pop() {
	l.bytes -= len(l.ring[l.first])
	l.ring[l.first] = ""
	l.first = (l.first + 1) % len(l.ring)
	l.count--
	l.dropped++
}

func (l *Lines) grow() {
	bigger := make([]string, min(max(16, 2*len(l.ring)), l.maxLines))
	for i := range l.count {
		bigger[i] = l.At(i)
	}
	l.ring, l.first = bigger, 0
}
