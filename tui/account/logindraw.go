package account

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
)

var steps = []string{
	"vastdeck talks to Vast.ai with an API key of your account.",
	"",
	"1  Log in at https://cloud.vast.ai and open Keys (https://cloud.vast.ai/manage-keys/).",
	"2  Create a key. It is shown once. To look only, give it the permissions misc, user_read and instance_read; to rent and destroy, also instance_write; to see charges, also billing_read.",
	"3  Paste it here and press enter. It is checked with one read of your account and kept where you choose: in this system's keyring, for this run only, or in a file that a passphrase encrypts. It is never written to a file in clear.",
	"",
	"Other ways: the environment variable VAST_API_KEY, or `vastdeck login` in a shell. `vastdeck --demo` shows everything without an account.",
}

// briefly are the steps where a low screen has no room for more.
var briefly = []string{
	"1  Create a key at https://cloud.vast.ai/manage-keys/. To look only it needs misc, user_read and instance_read; to rent, also instance_write.",
	"2  Paste it here and press enter. It is checked with one read of your account; choose below where it is kept.",
}

// labelWidth is the column of the labels.
const labelWidth = 11

// Draw explains what is asked for and shows its lines.
func (m *Login) Draw(env view.Env, s view.Size) view.Frame {
	if f, cut := m.draw(env, s, steps); !cut || m.mode != entering {
		return f
	}
	f, _ := m.draw(env, s, briefly)
	return f
}

// draw shows the lines below how to get a key; it reports whether a step of
// that was cut off.
func (m *Login) draw(env view.Env, s view.Size, how []string) (frame view.Frame, cut bool) {
	w := max(1, min(s.W-4, 92))
	lines := []string{""}
	put := func(class theme.Class, text string) {
		for _, l := range fit.Wrap(text, w) {
			lines = append(lines, "  "+env.Theme.Ink(class).Paint(l))
		}
	}
	news := 0 // the lines that say why there is no key
	if m.why != "" {
		put(theme.Warn, whole(m.why))
		lines = append(lines, "")
		news = len(lines)
	}
	for _, t := range m.told(env, how) {
		put(t.class, t.text)
	}
	lines = append(lines, "")
	first, at, x := len(lines), -1, 0
	for _, f := range m.fields() {
		text, cursor := m.value(env, f, max(1, w-labelWidth-2))
		if f == m.focus {
			at, x = len(lines), cursor
		}
		lines = append(lines, m.label(env, f)+text)
	}
	last := len(lines)
	lines = append(lines, "")
	switch {
	case m.trying:
		put(theme.Accent, map[bool]string{false: "● checking the key…", true: "● opening the file…"}[m.mode == unlocking])
	case m.failed != "":
		put(theme.Bad, whole(m.failed))
	}
	// On a low screen the lines to type into count more than the words above them, and
	// why there is no key more than how to get one.
	if over := min(len(lines), max(last+3, first)) - s.H; over > 0 {
		over = min(over, max(first, at))
		explained := min(over, max(0, first-news))
		lines = slices.Delete(lines, news, news+explained)
		lines, at = lines[over-explained:], at-over
		cut = over > len(fit.Wrap(how[0], w))+1 // what comes before the first step may go
	}
	f := view.Frame{Body: fit.Block(lines, s.W, s.H)}
	if left := labelWidth + 4; at >= 0 && at < s.H && x >= 0 && left+x < s.W && !m.trying {
		f.Cursor = tea.NewCursor(left+x, at)
	}
	return f, cut
}

// whole is a reason as a sentence that stands alone.
func whole(text string) string {
	if text == "" {
		return ""
	}
	if text[0] >= 'a' && text[0] <= 'z' && !strings.HasPrefix(text, "vastdeck") {
		text = strings.ToUpper(text[:1]) + text[1:]
	}
	if strings.ContainsAny(text[len(text)-1:], ".!?") {
		return text
	}
	return text + "."
}

type sentence struct {
	class theme.Class
	text  string
}

// told are the sentences above the lines.
func (m *Login) told(env view.Env, how []string) []sentence {
	plain := func(text string) sentence { return sentence{theme.Plain, text} }
	var list []sentence
	switch m.mode {
	case unlocking:
		if !strings.Contains(m.why, m.places.Locked) {
			list = append(list, plain("A key for this profile lies in "+m.places.Locked+", encrypted with a passphrase."), plain(""))
		}
		list = append(list, plain("Type the passphrase to unlock it. It is used for this and kept nowhere; opening the file takes a second, on purpose."))
	case importing:
		list = append(list, m.offer(env)...)
	default:
		for _, text := range how {
			list = append(list, plain(text))
		}
	}
	if m.places == nil {
		return list
	}
	if m.places.Keyring != "" && m.mode != unlocking {
		list = append(list, plain(""))
		if !strings.Contains(m.why, m.places.Keyring) {
			list = append(list, sentence{theme.Warn, m.places.Keyring})
		}
		list = append(list, plain("The keyring cannot be used, so choose below: this run only, or the file that a passphrase encrypts."))
	}
	if m.places.Refused != "" {
		list = append(list, plain(""), sentence{theme.Warn, m.places.Refused})
	}
	if m.places.Locked != "" && m.mode == entering {
		list = append(list, plain(""), sentence{theme.Accent, "A key of this profile lies in " + m.places.Locked + ", encrypted: ctrl+p opens it with its passphrase."})
	}
	if i := m.places.Import; i != nil && m.mode == entering {
		list = append(list, plain(""), sentence{theme.Accent, "A key of the official client was found at " + i.Shown + ": ctrl+o takes it over, ctrl+n leaves it alone and asks no more."})
	}
	return list
}

// offer says what taking over the official client's key comes to.
func (m *Login) offer(env view.Env) []sentence {
	i := m.places.Import
	which := "It lies there in clear"
	if i.Tail != "" {
		which = "It ends in " + i.Tail + " and lies there in clear"
	}
	if !i.Written.IsZero() {
		which += ", since " + i.Written.Local().Format("2006-01-02")
	}
	return []sentence{
		{theme.Strong, "Take over the key of the official client at " + i.Shown + "?"},
		{theme.Plain, which + ": every program that you run can read it."},
		{theme.Plain, "It is checked with one read of its account and kept where you choose. Then delete that file: the official client works with VAST_API_KEY too. It is deleted only if you say so here, and only once the key is kept."},
	}
}

// label is what stands before a line.
func (m *Login) label(env view.Env, f field) string {
	text := map[field]string{keyField: "API key", keepField: "keep it in", phraseField: "passphrase", againField: "once more", removeField: "delete file"}[f]
	class, mark := theme.Dim, "  "
	if f == m.focus {
		class, mark = theme.Accent, "▸ "
	}
	return env.Theme.Ink(class).Paint(mark + fit.Line(text, labelWidth) + "  ")
}

// value is what stands in a line, and where the text cursor is in it; -1 = nowhere.
func (m *Login) value(env view.Env, f field, w int) (string, int) {
	switch f {
	case keyField:
		return m.line.Draw(w)
	case phraseField:
		return m.phrase.Draw(w)
	case againField:
		return m.again.Draw(w)
	case removeField:
		text := "[ ] no, I delete it myself"
		if m.remove {
			text = "[x] yes, once the key is kept"
		}
		return env.Theme.Ink(theme.Plain).Paint(fit.Cut(text+"   space changes it", w)), -1
	}
	return m.choices(env, w), -1
}

// choices are the places to choose from, the chosen one marked.
func (m *Login) choices(env view.Env, w int) string {
	line := ""
	for n, o := range keeping {
		class, text := theme.Dim, "  "+o.Label+" "
		if n == m.keep {
			class, text = theme.Strong, "‹ "+o.Label+" ›"
			if m.in() == command.KeepKeyring && m.places.Keyring != "" {
				class, text = theme.Warn, "‹ "+o.Label+", which does not answer ›"
			}
		}
		line += env.Theme.Ink(class).Paint(text)
	}
	return fit.Cut(line, w)
}
