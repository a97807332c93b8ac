package logs

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/logview"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// longestReason is how much of what is said about a failure is shown.
const longestReason = 300

// leastLog is how many lines the log keeps when something stands above it.
const leastLog = 5

// Draw shows what is read and how old it is, what could not be read, and the log.
func (m *Model) Draw(env view.Env, s view.Size) view.Frame {
	if s.W < 1 || s.H < 1 {
		return view.Frame{Body: fit.Block(nil, s.W, s.H)}
	}
	top := []string{m.status(env, s.W)}
	if failed := m.failures(); failed != "" && s.H >= leastLog+2 {
		top = append(top, env.Theme.Ink(theme.Warn).Paint(fit.Line(" "+failed, s.W)))
	}
	if s.H == 1 {
		return view.Frame{Body: top[0]}
	}
	f := view.Frame{Body: strings.Join(top, "\n") + "\n" + m.log.Draw(s.W, s.H-len(top))}
	if c := m.log.Cursor(); c != nil {
		f.Cursor = tea.NewCursor(c.X, c.Y+len(top))
	}
	return f
}

// status is what is read, and how honest that is about now.
func (m *Model) status(env view.Env, w int) string {
	left, right := " "+m.what(), m.age(env)+" "
	gap := w - fit.Width(left) - fit.Width(right)
	if gap < 2 {
		left = fit.Cut(left, max(0, w-fit.Width(right)-2))
		gap = w - fit.Width(left) - fit.Width(right)
	}
	ink := env.Theme.Ink(theme.Dim)
	if m.stale(env.Now) {
		ink = env.Theme.Ink(theme.Warn)
	}
	return fit.Line(env.Theme.Pager.Title.Paint(left)+fit.Spaces(gap)+ink.Paint(right), w)
}

// what says which log this is and where it comes from.
func (m *Model) what() string {
	if m.live {
		return "live over ssh · tail -F " + m.file
	}
	kind := "container log"
	if m.daemon {
		kind = "machine log (daemon)"
	}
	text := kind + " · " + tailWords(m.tail) + " · over the API"
	if m.more > 0 {
		text += fmt.Sprintf(" · the first %d of %d instances", len(m.sources), len(m.sources)+m.more)
	}
	if n := m.lost(); n > 0 {
		text += " · " + figure.Count(n) + " older lines left out"
	}
	return text
}

// lost is how many lines have gone because more than can be held have come.
func (m *Model) lost() int {
	n := m.log.Dropped()
	for _, s := range m.sources {
		n += s.dropped
	}
	return n
}

func tailWords(n int) string {
	if n >= logview.MaxLines {
		return "all lines"
	}
	return "last " + figure.Count(n) + " lines"
}

// age says how old what is here is, and when it is asked for again.
func (m *Model) age(env view.Env) string {
	if len(m.sources) == 0 {
		return ""
	}
	parts := append(m.asOf(env.Now), m.turn(env)...)
	return strings.Join(parts, " · ")
}

// asOf is the age of the oldest answer.
func (m *Model) asOf(now time.Time) []string {
	var oldest time.Time
	for _, s := range m.sources {
		if s.read && (oldest.IsZero() || s.at.Before(oldest)) {
			oldest = s.at
		}
	}
	if oldest.IsZero() {
		return nil
	}
	age := figure.Age(now.Sub(oldest))
	if age != "now" {
		age += " ago"
	}
	return []string{"as of " + age}
}

// turn says what is being asked for, and what will be.
func (m *Model) turn(env view.Env) (parts []string) {
	if m.live {
		return m.streams()
	}
	asking, still := 0, 0
	var next time.Time
	for _, s := range m.sources {
		switch {
		case s.asking:
			asking++
		case s.still != "":
			still++
		}
		if !s.next.IsZero() && (next.IsZero() || s.next.Before(next)) {
			next = s.next
		}
	}
	switch {
	case asking == 1 && len(m.sources) == 1:
		parts = append(parts, "asking…")
	case asking > 0:
		parts = append(parts, fmt.Sprintf("asking %d…", asking))
	}
	switch {
	case m.paused:
		parts = append(parts, "paused: p goes on")
	case asking > 0: // that says enough
	case !next.IsZero():
		parts = append(parts, fmt.Sprintf("asked again in %d s", max(1, int((next.Sub(env.Now)+time.Second-1)/time.Second))))
	default:
		parts = append(parts, "not asked again by itself: r asks")
	}
	if still > 0 && len(m.sources) > 1 {
		parts = append(parts, fmt.Sprintf("%d at rest", still))
	}
	return parts
}

// streams says how many files are followed.
func (m *Model) streams() []string {
	n := 0
	for _, s := range m.sources {
		if s.streaming {
			n++
		}
	}
	switch {
	case n == 0:
		return []string{"not followed: r follows anew"}
	case len(m.sources) == 1:
		return []string{"each line as it comes"}
	}
	return []string{fmt.Sprintf("%d of %d followed", n, len(m.sources))}
}

// stale reports whether what is here is older than three intervals although it is
// meant to be followed.
func (m *Model) stale(now time.Time) bool {
	for _, s := range m.sources {
		if s.read && s.still == "" && !m.paused && !m.live && now.Sub(s.at) > 3*m.every() {
			return true
		}
	}
	return false
}

// failures says which logs could not be read the last time, and why.
func (m *Model) failures() string {
	var parts []string
	for _, s := range m.sources {
		if text := s.trouble(); text != "" {
			parts = append(parts, s.name+": "+text)
		}
	}
	switch {
	case len(parts) == 0:
		return ""
	case len(m.sources) == 1:
		return parts[0]
	}
	return fmt.Sprintf("%d of %d could not be read · ", len(parts), len(m.sources)) + strings.Join(parts, " · ")
}

// trouble says why a log could not be read the last time, and what to do; "" when
// it could.
func (s *source) trouble() string {
	switch vastapi.KindOf(s.err) {
	case vastapi.KindNotReady:
		if s.still != "" {
			return s.still + ", and has not sent its log: r asks again"
		}
		return "the machine has not sent it yet: r asks again"
	case vastapi.KindNotFound:
		return "there is no such instance any more"
	}
	if s.err != nil {
		return safetext.Clean(view.Sentence(s.err), longestReason)
	}
	return ""
}

// tell says what stands in place of lines while there are none.
func (m *Model) tell(view.Env) {
	var names []string
	for _, s := range m.sources {
		names = append(names, s.name)
	}
	m.log.SetTitle(strings.Join(names, ", "))
	m.log.SetEmpty(m.nothing())
}

func (m *Model) nothing() string {
	if len(m.sources) == 0 {
		return "no instance was chosen: esc goes back"
	}
	asking, text := false, ""
	for _, s := range m.sources {
		asking = asking || s.asking || len(s.pending) > 0
		if text == "" {
			text = s.trouble()
		}
	}
	switch {
	case m.live && text == "":
		return "waiting for lines of " + m.file + "…"
	case asking && len(m.sources) == 1:
		return "asking the machine of " + m.sources[0].name + " for its log…"
	case asking:
		return "asking the machines for their logs…"
	case text != "":
		return text
	}
	if s := m.sources[0]; len(m.sources) == 1 && s.still != "" {
		return "nothing is in its log, and " + s.still
	}
	if !m.live && !m.daemon {
		return "nothing has been written yet: m shows what the machine says"
	}
	return "nothing has been written yet"
}
