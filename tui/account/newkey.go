package account

import (
	"vastdeck/tui/command"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// newKey is a key that was just made, and that is shown this once. It stands in place
// of the parts until it is left, and is forgotten then.
type newKey struct {
	key    vastapi.NewKey
	name   string
	may    vastapi.Grant
	copied bool
	seen   bool // it has been on the screen
	trying bool // this run is logging in with it
	failed string
}

// keyMade takes the key out of a report. It is shown as soon as this view is.
func (m *Model) keyMade(env view.Env, msg command.PlanExecuted) view.Effect {
	key := msg.Report.NewKey()
	if !key.Given() {
		return view.Effect{}
	}
	made := &newKey{key: key}
	for _, s := range msg.Report.Plan.Steps {
		if c, ok := s.Call.(vastapi.CreateAPIKey); ok {
			made.name, made.may = safetext.Clean(c.Name, vastapi.MaxKeyName), c.Permissions.Grant()
		}
	}
	m.forgetKey()
	m.fresh = made
	if env.Shown == view.Account {
		return view.Effect{}
	}
	return view.Do(view.Toast{Text: "the new API key is shown once: press 8", Level: view.Warn})
}

// Losing says what is lost for good when the program or the profile is left now: a key
// that was made and not copied. It is "" when there is none.
func (m *Model) Losing() string {
	if m.fresh == nil || m.fresh.copied {
		return ""
	}
	return "The new API key " + quotedName(m.fresh.name) + " was not copied and cannot be shown again: 8 shows it."
}

// forgetKey makes nothing of a new key be known any more.
func (m *Model) forgetKey() {
	if m.fresh != nil {
		m.fresh.key.Forget()
		m.fresh = nil
	}
}

// freshActions are what keys do while a new key is shown. Nothing else is done by
// them, so that the key is not lost by a key that was meant for something else.
func (m *Model) freshActions(env view.Env) []view.Action {
	k := m.fresh
	tried := ""
	if k.trying {
		tried = "this run is logging in with it"
	}
	return []view.Action{
		act("y", "copy the key", "", func() view.Effect {
			k.copied = true
			return view.Do(view.Copy{Text: k.key.Reveal(), What: "the new API key", Shown: "of " + quotedName(k.name)})
		}),
		act("u", "use it in this run", tried, func() view.Effect {
			k.trying, k.failed = true, ""
			return view.Wait(env.Load.KeepKey(k.key.Reveal(), command.KeepRun, ""))
		}),
		act("esc", "done: forget it", tried, func() view.Effect { m.forgetKey(); return view.Wait(m.shown().load(env)) }),
	}
}

// quotedName is a name in quotes, or "the key" without one.
func quotedName(name string) string {
	if name == "" {
		return "the key"
	}
	return safetext.Quote(name, 60)
}

// freshTried takes in what came of logging in with the new key.
func (k *newKey) freshTried(msg command.KeyTried) {
	if !k.trying {
		return
	}
	k.trying = false
	if msg.Err != nil {
		k.failed = view.Sentence(msg.Err)
	}
}

// draw shows the key in whole lines, framed by what has to be known about it.
func (k *newKey) draw(th *theme.Theme, w, h int) string {
	room := max(1, w-4)
	var lines []string
	put := func(class theme.Class, text string) {
		for _, l := range fit.Wrap(text, room) {
			lines = append(lines, "  "+th.Ink(class).Paint(l))
		}
	}
	lines = append(lines, "")
	put(theme.Strong, "The new API key "+quotedName(k.name)+" is shown this once.")
	put(theme.Plain, "It may: "+mayText(k.may)+".")
	lines = append(lines, "")
	for _, l := range chunks(safetext.Clean(k.key.Reveal(), 1024), room) {
		lines = append(lines, "  "+th.Ink(theme.Found).Paint(l))
	}
	lines = append(lines, "")
	if k.copied {
		put(theme.Good, "● It was sent to the clipboard. Paste it where it belongs before you leave.")
	} else {
		put(theme.Warn, "▲ It was not copied yet: y copies it.")
	}
	put(theme.Plain, "Leaving this page, esc or another view, forgets it here. Neither Vast.ai nor this program can show it again; a key that is lost is deleted, and a new one made.")
	put(theme.Dim, "It stands in no log, in no journal and in no file of this program. u goes on in this run with it and leaves this page too: copy it first if it is to be kept, with `vastdeck login`.")
	switch {
	case k.trying:
		put(theme.Accent, "● logging in with it…")
	case k.failed != "":
		put(theme.Bad, k.failed)
	}
	return fit.Block(lines, w, h)
}

// chunks cuts a text without blanks into pieces of w cells; it is ASCII.
func chunks(text string, w int) []string {
	var list []string
	for len(text) > w {
		list, text = append(list, text[:w]), text[w:]
	}
	return append(list, text)
}
