package account

import (
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/copying"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
)

// profilePart lists the profiles, each an account or a server of its own.
type profilePart struct{ at int }

func newProfilePart(*theme.Theme) *profilePart { return &profilePart{} }

func (p *profilePart) title(env view.Env) (string, string) {
	if n := len(env.Profiles); n > 1 {
		return "Profiles", strconv.Itoa(n)
	}
	return "Profiles", ""
}

func (p *profilePart) load(view.Env) tea.Cmd                      { return nil }
func (p *profilePart) every() time.Duration                       { return 0 }
func (p *profilePart) news(*Model, view.Env, tea.Msg) view.Effect { return view.Effect{} }
func (p *profilePart) key(*Model, view.Env, tea.Msg) view.Effect  { return view.Effect{} }
func (p *profilePart) back(*Model, view.Env) (view.Effect, bool)  { return view.Effect{}, false }
func (p *profilePart) capturing() bool                            { return false }
func (p *profilePart) chosen(env view.Env) (view.Profile, bool) {
	if len(env.Profiles) == 0 {
		return view.Profile{}, false
	}
	return env.Profiles[max(0, min(p.at, len(env.Profiles)-1))], true
}

func (p *profilePart) actions(m *Model, env view.Env) []view.Action {
	to, ok := p.chosen(env)
	why := ""
	switch {
	case !ok:
		why = "there is no other profile"
	case to.Current:
		why = "this profile is in use"
	}
	by := func(n int) func() view.Effect {
		return func() view.Effect {
			p.at = max(0, min(p.at+n, len(env.Profiles)-1))
			return view.Effect{}
		}
	}
	none := ""
	if !ok {
		none = why
	}
	return []view.Action{
		act("enter", "switch to it", why, func() view.Effect { return view.Do(view.Switch{Profile: to.Name}) }),
		m.logInAction(env),
		quiet("y", "copy…", none, func() view.Effect {
			return m.copyMenu("Copy of profile "+to.Name, "the profile is gone", func(env view.Env) *copying.Lines { return copiesOfProfile(env, to) })
		}),
		{Key: view.Bind("down", "one row down", "down", "j"), Group: section, Hidden: true, Do: by(1)},
		{Key: view.Bind("up", "one row up", "up", "k"), Group: section, Hidden: true, Do: by(-1)},
	}
}

// firstProfile says how there come to be profiles.
var firstProfile = []string{
	"There is one profile. A second account, or a second key with fewer rights, is a profile of its own: its key, history, journal and remembered forms are kept apart, and nothing is ever done across two.",
	"Start with --profile NAME, or name profiles in config.toml, each with a colour that stands in the header:",
	"[profiles.work]",
	"color = \"orange\"",
}

func (p *profilePart) draw(_ *Model, env view.Env, w, h int) (string, *tea.Cursor) {
	if len(env.Profiles) < 2 {
		var notes []pane.Note
		if name := env.Session.Profile; name != "" {
			notes = append(notes, pane.Note{Class: theme.Strong, Text: "In use: " + name + "."})
		}
		for _, text := range firstProfile {
			notes = append(notes, pane.Note{Class: theme.Dim, Text: text})
		}
		return pane.Notes(env.Theme, w, h, notes...), nil
	}
	lines := make([]string, 0, h)
	room := max(1, h-2)
	name := 4
	for _, x := range env.Profiles {
		name = max(name, fit.Width(x.Name))
	}
	name = min(name, max(4, w/3))
	head := fit.Line("", 14) + fit.Line("Profile", name) + "  Server"
	lines = append(lines, env.Theme.Ink(theme.Dim).Paint(fit.Line(head, w)))
	at, top := max(0, min(p.at, len(env.Profiles)-1)), p.top(env, h)
	for n := top; n < len(env.Profiles) && n < top+room; n++ {
		lines = append(lines, p.row(env.Theme, env.Profiles[n], n == at, name, w))
	}
	for len(lines) < h-1 {
		lines = append(lines, "")
	}
	status := " each has an account, a key and a memory of its own"
	return fit.Block(append(lines, env.Theme.Ink(theme.Dim).Paint(fit.Line(status, w))), w, h), nil
}

// top is the first profile that is drawn in h lines.
func (p *profilePart) top(env view.Env, h int) int {
	room := max(1, h-2)
	at := max(0, min(p.at, len(env.Profiles)-1))
	return max(0, min(at-room/2, len(env.Profiles)-room))
}

// row is one profile: a mark, its chip, its name and where its requests go.
func (p *profilePart) row(th *theme.Theme, x view.Profile, on bool, name, w int) string {
	mark, used := "   ", fit.Line("", 8)
	if on {
		mark = " ▸ "
	}
	if x.Current {
		used = fit.Line("● in use", 8)
	}
	ink := th.Ink(theme.Plain)
	if on {
		ink = th.InkOn(theme.OnSelected, theme.Plain)
	}
	chip := fit.Line("", 2)
	if x.Color != "" {
		chip = th.Chip(x.Color).Paint("  ")
	}
	tail := fit.Line(" "+fit.Line(x.Name, name)+"  "+figure.Text(serverOf(x)), max(0, w-13))
	return ink.Paint(mark+used) + chip + ink.Paint(strings.TrimSuffix(tail, "\n"))
}
