package copying

import (
	"strconv"
	"strings"

	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/vastapi/safetext"
)

// Lines collects what can be copied, a line of the menu each.
type Lines struct{ list []line }

// line is one thing that can be copied.
type line struct {
	key, label string
	shown      string // what stands in the menu
	what       string // what it is called once it has been copied
	why        string // why there is nothing to copy, "" = there is
	secret     bool   // shown stands for the text also after it has been copied
	text       func() string
}

// Add offers text under a letter, "" = one of those that are free; what names it once it has been copied, e.g. "the
// instance's id". Without a text there is no line.
func (l *Lines) Add(key, label, text, what string) {
	if text != "" {
		l.list = append(l.list, line{key: key, label: label, shown: outline(text), what: what, text: ready(text)})
	}
}

// Need is Add for what is looked for where it is not: without a text the line says why.
func (l *Lines) Need(key, label, text, what, why string) {
	if text != "" {
		l.Add(key, label, text, what)
		return
	}
	l.list = append(l.list, line{key: key, label: label, why: why})
}

// Mask offers a text that must not stand on the screen; shown stands for it there, also after it has been copied.
func (l *Lines) Mask(key, label, shown, text, what string) {
	l.list = append(l.list, line{key: key, label: label, shown: shown, what: what, secret: true, text: func() string { return text }})
}

// Make offers a text that is made when it is chosen, because that takes long or the text is; shown says in the menu
// what it will be.
func (l *Lines) Make(key, label, shown, what string, text func() string) {
	l.list = append(l.list, line{key: key, label: label, shown: shown, what: what, text: func() string { return inert(text()) }})
}

// Each offers what several things come to, one a line; a thing without a text has none. The texts are made when the
// line is chosen, so that thousands of things may be marked. Where none has a text the line says why.
func Each[T any](l *Lines, key, label, what, why string, list []T, text func(T) string) {
	first := ""
	for n := 0; n < len(list) && first == ""; n++ {
		first = text(list[n])
	}
	if first == "" {
		l.Need(key, label, "", what, why)
		return
	}
	l.Make(key, label, shortened(first)+" … one a line, of "+strconv.Itoa(len(list)), what, func() string {
		var lines []string
		for _, one := range list {
			if t := text(one); t != "" {
				lines = append(lines, t)
			}
		}
		return strings.Join(lines, "\n")
	})
}

func ready(text string) func() string { return func() string { return inert(text) } }

// Menu is the copy menu under a title; of lists what can be copied at that moment, nil = what it was about is gone,
// which gone says.
func Menu(title, gone string, of func(view.Env) *Lines) listing.Menu {
	return listing.Menu{
		Title: title, Verb: "copy it", Empty: gone, Keyed: true, Clicks: true,
		List: func(env view.Env) []listing.Choice {
			l := of(env)
			if l == nil {
				return nil
			}
			return l.choices()
		},
	}
}

// free are the letters for lines that have none of their own. Those that move in the menu or leave the program are
// not among them, and neither is the one that opens it.
const free = "uwxzbegtcfholadimnprsvABEFGHIKLMNOPRSTUVWXZ"

// choices are the lines of the menu, each with its letter; those that cannot be copied stand at the end.
func (l *Lines) choices() []listing.Choice {
	left := free
	for _, one := range l.list {
		left = strings.ReplaceAll(left, one.key, "")
	}
	var can, cannot []listing.Choice
	for _, one := range l.list {
		if one.key == "" && left != "" {
			one.key, left = left[:1], left[1:]
		}
		c := listing.Choice{Key: one.key, Label: safetext.Clean(one.label, 40)}
		if one.why != "" {
			c.Why, c.Class = one.why, theme.Dim
			cannot = append(cannot, c)
			continue
		}
		c.Detail, c.Do = safetext.Clean(one.shown, mostShown), one.copy
		can = append(can, c)
	}
	return append(can, cannot...)
}

// mostShown is how many runes of a text stand in the menu at most.
const mostShown = 400

// copy wishes for the text on the clipboard.
func (o line) copy() view.Effect {
	text := o.text()
	c := view.Copy{Text: text, What: o.what}
	switch {
	case text == "":
		return view.Do(view.Toast{Text: "there is nothing to copy any more", Level: view.Warn})
	case o.secret:
		c.Shown = o.shown
	case strings.ContainsAny(text, "\n\t"):
		c.Shown = outline(text)
	}
	return view.Do(c)
}

// outline is a text as one line: of several lines the first one, and how many there are.
func outline(text string) string {
	text = strings.TrimRight(text, "\n")
	first, rest, more := strings.Cut(strings.ReplaceAll(text, "\t", "  "), "\n")
	if !more {
		return first
	}
	lines := strconv.Itoa(strings.Count(rest, "\n")+2) + " lines"
	if first == "{" || first == "[" {
		return lines // of JSON that one says nothing
	}
	return shortened(first) + " … " + lines
}

// shortened is the beginning of a line that is followed by an ellipsis.
func shortened(s string) string { return strings.TrimSuffix(safetext.Clean(s, 80), "…") }

// inert is a text of lines and tab stops in which nothing acts upon the terminal that it is pasted into.
func inert(text string) string {
	lines := strings.Split(text, "\n")
	for n, one := range lines {
		cells := strings.Split(one, "\t")
		for m, c := range cells {
			cells[m] = safetext.Clean(c, len(c)+1)
		}
		lines[n] = strings.Join(cells, "\t")
	}
	return strings.Join(lines, "\n")
}
