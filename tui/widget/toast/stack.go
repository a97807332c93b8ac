package toast

import (
	"strings"
	"time"

	"vastdeck/tui/theme"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
)

// Most is how many notices are kept; the oldest goes first.
const Most = 4

// stays is how long a notice of each level is shown: what went wrong takes longer to read.
var stays = map[theme.Level]time.Duration{
	theme.Info: 4 * time.Second, theme.Success: 4 * time.Second,
	theme.Warning: 8 * time.Second, theme.Failure: 15 * time.Second,
}

// Notice is one message.
type Notice struct {
	Text  string
	Level theme.Level
	Until time.Time
	Times int // how often it has been said while it was shown
}

// Stack is the notices that are shown, the newest last. The zero Stack is empty.
type Stack struct{ notices []Notice }

// Push adds a notice. One that is shown already is not shown twice: it stays longer and says how often.
func (s *Stack) Push(now time.Time, level theme.Level, text string) {
	s.Expire(now)
	level = min(level, theme.Failure) // a level that does not exist is the most serious
	n := Notice{Text: text, Level: level, Until: now.Add(stays[level]), Times: 1}
	kept := make([]Notice, 0, Most+1)
	for _, old := range s.notices {
		if old.Text == text && old.Level == level {
			n.Times += old.Times
			continue
		}
		kept = append(kept, old)
	}
	kept = append(kept, n)
	s.notices = kept[max(0, len(kept)-Most):]
}

// Expire drops the notices whose time is over and reports whether there were any.
func (s *Stack) Expire(now time.Time) bool {
	kept := make([]Notice, 0, len(s.notices))
	for _, n := range s.notices {
		if now.Before(n.Until) {
			kept = append(kept, n)
		}
	}
	dropped := len(kept) != len(s.notices)
	s.notices = kept
	return dropped
}

// Clear drops all notices.
func (s *Stack) Clear() { s.notices = nil }

// Len returns how many notices are kept.
func (s *Stack) Len() int { return len(s.notices) }

// NextEnd returns when the next notice ends.
func (s *Stack) NextEnd() (end time.Time, ok bool) {
	for _, n := range s.notices {
		if !ok || n.Until.Before(end) {
			end, ok = n.Until, true
		}
	}
	return end, ok
}

// mostLines is how many lines a notice takes at most; a longer one ends with an ellipsis.
const mostLines = 3

// Draw returns the notices that are still valid, the newest last, each in as many lines as it needs.
// No line takes more than w cells; all are padded to the widest, so that they can float above the
// screen as one block.
func (s *Stack) Draw(th *theme.Theme, now time.Time, w int) []string {
	type drawn struct {
		text string
		ink  theme.Ink
	}
	var all []drawn
	widest := 0
	for _, n := range s.notices {
		if !now.Before(n.Until) {
			continue
		}
		for _, l := range n.lines(th, w) {
			all = append(all, drawn{l, n.ink(th)})
			widest = max(widest, fit.Width(l))
		}
	}
	widest = min(widest, w)
	lines := make([]string, 0, len(all))
	for _, l := range all {
		lines = append(lines, l.ink.Paint(fit.Line(l.text, widest)))
	}
	return lines
}

// lines are the notice, wrapped where it does not fit in one; the lines after the first stand below
// its text.
func (n Notice) lines(th *theme.Theme, w int) []string {
	whole := n.line(th)
	const indent = 3 // the glyph between blanks
	if fit.Width(whole) <= w || w < 4*indent {
		return []string{whole}
	}
	parts := fit.Wrap(strings.TrimSpace(whole), max(1, w-indent-1))
	if len(parts) > mostLines {
		rest := strings.Join(parts[mostLines-1:], " ")
		parts = append(parts[:mostLines-1:mostLines-1], fit.Cut(rest, max(1, w-indent-1)))
	}
	for i := range parts {
		lead := " "
		if i > 0 {
			lead = fit.Spaces(indent)
		}
		parts[i] = fit.Cut(lead+parts[i]+" ", w)
	}
	return parts
}

// line is the notice with its glyph, which says the level without colour.
func (n Notice) line(th *theme.Theme) string {
	text := strings.Join(strings.Fields(n.Text), " ")
	if n.Times > 1 {
		text += " (" + figure.Count(n.Times) + "×)"
	}
	return " " + th.Toast.Glyph[n.Level] + " " + text + " "
}

func (n Notice) ink(th *theme.Theme) theme.Ink { return th.Toast.Ink[n.Level] }
