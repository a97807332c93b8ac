package dialog

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/entry"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi/safetext"
)

// mostOffered is how many options are listed below a line that is being typed.
const mostOffered = 6

// maxLines is how much text a field of several lines takes, in bytes.
const maxLines = 64 << 10

// field is one line of an open form.
type field struct {
	def    view.Field
	line   entry.Line
	many   string // the text of a Lines field that has several lines
	chosen int    // of a Choice, the option; of a Text, the option that is lit, -1 = none
	text   string // what was read from a File
	read   string // the path it was read from
	failed string // why it could not be read
	left   bool   // the user has been here and gone on: mistakes are named
}

func newField(def view.Field) field {
	f := field{def: def}
	f.set(def.Value)
	return f
}

// set gives the field a value, as if it had been typed.
func (f *field) set(value string) {
	limit := f.def.Limit
	if limit == 0 {
		limit = 256
	}
	f.chosen, f.many = -1, ""
	switch f.def.Kind {
	case view.Choice:
		f.chosen = max(0, slices.IndexFunc(f.def.Options, func(o view.Option) bool { return o.Value == value }))
		return
	case view.Toggle:
		f.many = value
		return
	case view.Lines:
		value = strings.ReplaceAll(value, "\r\n", "\n")
		// What is no plain line is kept as it is and drawn inert.
		if value != safetext.Clean(value, limit) {
			f.many = value
			value = ""
		}
	}
	f.line = entry.New(safetext.Clean(value, limit), limit, f.def.Kind == view.Secret)
}

// value is what the field holds.
func (f *field) value() string {
	switch {
	case f.def.Kind == view.Choice && len(f.def.Options) == 0:
		return ""
	case f.def.Kind == view.Choice:
		return f.def.Options[min(f.chosen, len(f.def.Options)-1)].Value
	case f.def.Kind == view.Toggle, f.many != "":
		return f.many
	}
	return f.line.Value()
}

// refit gives the field another definition and keeps what was filled in.
func (f *field) refit(def view.Field) {
	value, old := f.value(), *f
	f.def = def
	if def.Kind != old.def.Kind || def.Kind == view.Choice {
		f.set(value)
	}
	f.left = old.left
}

// unread reports whether the file that is named has not been read.
func (f *field) unread() bool {
	return f.def.Kind == view.File && f.value() != "" && f.read != f.value()
}

// typed takes a key or a paste and reports whether the value may have changed.
func (f *field) typed(msg tea.Msg) bool {
	k, isKey := msg.(tea.KeyPressMsg)
	switch f.def.Kind {
	case view.Choice:
		if n := len(f.def.Options); isKey && n > 0 {
			f.chosen = turn(k.String(), f.chosen, n)
		}
		return isKey
	case view.Toggle:
		switch {
		case !isKey:
		case k.String() == "space", k.String() == "left", k.String() == "right":
			f.many = map[bool]string{true: "", false: view.Yes}[f.many == view.Yes]
		case k.String() == "y":
			f.many = view.Yes
		case k.String() == "n":
			f.many = ""
		}
		return isKey
	case view.Lines:
		return f.typedLines(msg)
	}
	f.chosen = -1
	if f.named() != "" && emptied(msg) {
		f.set("")
	}
	f.line.Update(msg)
	return true
}

// named is the name of the option that fills the line, "" when the line holds
// what was typed, or an option without a name of its own.
func (f *field) named() string {
	i := slices.IndexFunc(f.def.Options, func(o view.Option) bool { return o.Value == f.value() && o.Label != "" })
	if f.def.Kind != view.Text || i < 0 {
		return ""
	}
	return f.def.Options[i].Label
}

// emptied reports whether a key or a paste takes the place of an option as a
// whole: its value is no text that anybody would change by a letter.
func emptied(msg tea.Msg) bool {
	switch k := msg.(type) {
	case tea.PasteMsg:
		return true
	case tea.KeyPressMsg:
		return k.Text != "" || k.String() == "backspace" || k.String() == "delete" || k.String() == "ctrl+w"
	}
	return false
}

// turn moves through n options.
func turn(key string, at, n int) int {
	switch key {
	case "space", "right", "l":
		return (at + 1) % n
	case "left", "h":
		return (at + n - 1) % n
	}
	return at
}

// typedLines keeps the lines of a paste. A text of several lines is changed in
// the editor; here it can only be taken away as a whole.
func (f *field) typedLines(msg tea.Msg) bool {
	if p, ok := msg.(tea.PasteMsg); ok && strings.ContainsAny(strings.TrimSpace(p.Content), "\r\n") {
		f.set(inertLines(p.Content))
		return true
	}
	if f.many == "" {
		f.line.Update(msg)
		return true
	}
	if k, ok := msg.(tea.KeyPressMsg); ok && k.String() == "ctrl+u" {
		f.set("")
		return true
	}
	return false
}

// inertLines is text of several lines without what a terminal would act on.
func inertLines(s string) string {
	if len(s) > maxLines {
		s = strings.ToValidUTF8(s[:maxLines], "")
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(safetext.Clean(strings.ReplaceAll(l, "\t", "    "), maxLines), " ")
	}
	return strings.Join(lines, "\n")
}

// offered are the options that what was typed may mean, at most n of them.
func (f *field) offered(n int) []view.Option {
	if f.def.Kind != view.Text || len(f.def.Options) == 0 {
		return nil
	}
	typed := strings.ToLower(strings.TrimSpace(f.value()))
	var list []view.Option
	for _, o := range f.def.Options {
		if o.Value == f.value() && typed != "" {
			continue // it stands there already
		}
		if fits(o, typed) {
			if list = append(list, o); len(list) == n {
				break
			}
		}
	}
	return list
}

// fits reports whether every word that was typed occurs in the option.
func fits(o view.Option, typed string) bool {
	in := strings.ToLower(o.Value + " " + o.Label + " " + o.Help)
	for _, w := range strings.Fields(typed) {
		if !strings.Contains(in, w) {
			return false
		}
	}
	return true
}

// take puts the lit option into the line; it reports whether there was one.
func (f *field) take() bool {
	list := f.offered(mostOffered)
	if f.def.Kind != view.Text || f.chosen < 0 || f.chosen >= len(list) {
		return false
	}
	f.set(list[f.chosen].Value)
	return true
}

// draw gives the field in exactly w cells, and the cell of the text cursor, -1 = none.
func (f *field) draw(th *theme.Theme, w int, focused bool) (string, int) {
	switch f.def.Kind {
	case view.Choice:
		return f.drawChoice(th, w, focused), -1
	case view.Toggle:
		box := "[ ] no"
		if f.many == view.Yes {
			box = "[x] yes"
		}
		return fit.Line(box, w), -1
	case view.Lines:
		if f.many != "" {
			return fit.Line(firstLine(f.many), w), -1
		}
	case view.Text:
		// An option is shown by its name, also while it could be typed over.
		if name := f.named(); name != "" {
			return fit.Line(name, w), -1
		}
	}
	return f.line.Draw(w)
}

func firstLine(s string) string {
	// The break at the end of a file begins no line.
	first, rest, more := strings.Cut(strings.TrimRight(s, "\n"), "\n")
	first = safetext.Clean(first, 60)
	if !more {
		return first
	}
	return first + "  (+" + lines(strings.Count(rest, "\n")+1) + ")"
}

func lines(n int) string {
	if n == 1 {
		return "1 line"
	}
	return itoa(n) + " lines"
}

// drawChoice shows all options with the chosen one marked, or only that one
// where there is no room for all.
func (f *field) drawChoice(th *theme.Theme, w int, focused bool) string {
	var all []string
	width := 0
	for i, o := range f.def.Options {
		text := " " + o.Shown() + " "
		if i == f.chosen {
			text = "●" + o.Shown() + " "
		}
		width += fit.Width(text) + 1
		switch {
		case i == f.chosen && focused:
			text = th.Dialog.Focus.Paint(text)
		case i == f.chosen:
			text = th.Ink(theme.Strong).Paint(text)
		default:
			text = th.Dialog.Hint.Paint(text)
		}
		all = append(all, text)
	}
	if width > w && len(f.def.Options) > 0 {
		return fit.Line("◂ "+f.def.Options[f.chosen].Shown()+" ▸", w)
	}
	return fit.Line(strings.Join(all, " "), w)
}
