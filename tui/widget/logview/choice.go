package logview

import (
	"iter"
	"strings"
)

// choice are the lines chosen for copying: all shown between two.
type choice struct {
	on             bool
	anchor, cursor int // numbers of lines
}

func (c choice) span() (first, last int) { return min(c.anchor, c.cursor), max(c.anchor, c.cursor) }

func (c choice) has(line int) bool {
	first, last := c.span()
	return c.on && line >= first && line <= last
}

// choose begins choosing lines: with the one that the search stands on when it is on the screen, else with the last
// one there. It ends when it has begun.
func (m *Model) choose() {
	if m.choice.on {
		m.choice = choice{}
		return
	}
	if m.count() == 0 {
		m.note = "there is no line to choose"
		return
	}
	first, last := m.onScreen()
	at := m.number(last)
	if f := m.find.at; f >= m.number(first) && f < at {
		at = f
	}
	m.freeze()
	m.choice = choice{on: true, anchor: at, cursor: at}
}

// moveChoice moves the end of the choice n lines.
func (m *Model) moveChoice(n int) {
	last := m.count() - 1
	if last < 0 {
		return
	}
	pos := min(max(0, m.position(m.choice.cursor)+n), last)
	m.choice.cursor = m.number(pos)
	m.showLine(pos, 0)
}

// pick is the outcome of the key that copies.
func (m *Model) pick() Outcome {
	if m.count() == 0 {
		m.note = "there is nothing to copy"
		return Outcome{Verdict: Taken}
	}
	var from, to int
	if m.choice.on {
		from, to = m.choice.span()
		from = max(from, m.base)
	} else {
		first, last := m.onScreen()
		from, to = m.number(first), m.number(last)
	}
	m.choice = choice{}
	e := m.excerpt(from, min(to+1, m.end()))
	e.stamps = m.stamps
	return Outcome{Verdict: Copy, Excerpt: e}
}

// Last returns the newest lines that the filter shows, n of them or as many as there are, as they are shown.
func (m *Model) Last(n int) Excerpt {
	from := m.end()
	if count := m.count(); n > 0 && count > 0 {
		from = m.number(max(0, count-n))
	}
	e := m.excerpt(from, m.end())
	e.stamps = m.stamps
	return e
}

// All returns all lines held that the filter shows, as they were received.
func (m *Model) All() Excerpt { return m.everything() }

func (m *Model) everything() Excerpt {
	e := m.excerpt(m.base, m.end())
	e.stamps = true
	return e
}

func (m *Model) excerpt(from, to int) Excerpt {
	e := Excerpt{lines: m.copied(from, to), keep: m.filter}
	if len(m.sources) > 1 {
		for _, s := range m.sources {
			e.names = append(e.names, s.name)
		}
	}
	return e
}

// Excerpt is a part of a log as it was when it was taken: no later change of the log changes it, and it may be read on
// another goroutine. Taking all of a full log takes about a millisecond, reading it some tens of them.
type Excerpt struct {
	lines  []record
	names  []string // of the sources, when there are several
	keep   *filter
	stamps bool
}

// All yields the lines, in front of each its source when there are several: "train-1 | step 7".
func (e Excerpt) All() iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := range e.lines {
			r := &e.lines[i]
			if ok, _ := e.keep.shows(r); !ok {
				continue
			}
			line := r.body()
			if e.stamps {
				line = r.text
			}
			if len(e.names) > 0 {
				line = e.names[r.src] + " | " + line
			}
			if !yield(line) {
				return
			}
		}
	}
}

// Text returns the lines, each with a line feed behind it, and how many there are.
func (e Excerpt) Text() (text string, lines int) {
	var b strings.Builder
	for line := range e.All() {
		b.WriteString(line)
		b.WriteByte('\n')
		lines++
	}
	return b.String(), lines
}
