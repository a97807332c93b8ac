package listing

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"

	"vastdeck/tui/widget/reader"
)

// Text is a text to read, to search and to copy.
type Text struct {
	reader.Model
	Copied string // as it is copied, "" = there is nothing to copy yet
	What   string // what it is, for the sentence after copying
}

// NewText shows a text under its title; what says after copying what it was.
func NewText(title, what, text string, th *theme.Theme) Text {
	return Text{Model: reader.New(title, reader.Split(text), th), Copied: text, What: what}
}

// Tell shows other lines under another title.
func (p *Text) Tell(title string, lines []string) {
	p.Copied = strings.Join(lines, "\n")
	p.Set(title, reader.Text(lines))
}

// Copy is the key that copies it all.
func (p *Text) Copy(section string) view.Action {
	none := ""
	if p.Copied == "" {
		none = "there is nothing to copy yet"
	}
	return view.Action{
		Key: view.Bind("y", "copy it all", "y"), Group: section, Disabled: none,
		Do: func() view.Effect {
			return view.Do(view.Copy{Text: p.Copied, What: p.What, Shown: LineCount(p.Copied)})
		},
	}
}

// LineCount says how many lines a text has, for the sentence after copying it.
func LineCount(text string) string {
	n := strings.Count(strings.TrimRight(text, "\n"), "\n") + 1
	if n == 1 {
		return "1 line"
	}
	return strconv.Itoa(n) + " lines"
}

// Back is esc; it reports whether the page is to be closed by it.
func (p *Text) Back() bool { return !p.Update(tea.KeyPressMsg{Code: tea.KeyEscape}) }
