package sessions

import (
	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
)

// hostKeyWarning is what a host key that has changed means.
var hostKeyWarning = []string{
	"THE HOST KEY HAS CHANGED. Nothing was sent: no key, no password, no command.",
	"A host key is how a machine proves that it is the one it was the last time. Now another one answers. Either the instance was made anew (recycled, given another image, moved by its host), which is harmless, or somebody stands between you and it, and would read all that you type.",
	"Did you recycle it, change its image or update it since you last were in it? Then forget the old host key and connect again. If you did not, do not connect: ask the host, or destroy the instance and rent another.",
}

// alarmPage says loudly that a host key has changed. It accepts nothing by itself.
type alarmPage struct {
	id     vastapi.InstanceID
	name   string
	scroll int
}

const hostKeySection = "Host key"

// alarm shows the page, whatever view is shown.
func (m *Model) alarm(env view.Env, id vastapi.InstanceID) view.Effect {
	m.show(&alarmPage{id: id, name: called(env, id)})
	text := called(env, id) + ": its host key has changed, so nothing was opened. The sessions (6) say what that means."
	return view.Do(view.Goto{View: view.Sessions}, view.Toast{Text: text, Level: view.Bad}, note(env, feed.EventBad, id, text))
}

func (p *alarmPage) actions(m *Model, env view.Env) []view.Action {
	missing := ""
	if _, there := env.Data.Instance(p.id); !there {
		missing = "the instance is gone: esc leads back"
	}
	return []view.Action{
		{Key: view.Bind("H", "forget the old host key…", "H"), Group: hostKeySection, Do: func() view.Effect { return m.askForgetHostKey(env, p.id) }},
		{Key: view.Bind("d", "find out more", "d"), Group: hostKeySection, Disabled: missing, Do: func() view.Effect { return m.examine(env, p.id) }},
		{Key: view.Bind("}", "scroll", "}", "down", "j"), Group: hostKeySection, Hidden: true, Do: func() view.Effect {
			p.scroll = min(p.scroll+1, pane.MaxScroll(p.facts(), env.Size.W, env.Size.H))
			return view.Effect{}
		}},
		{Key: view.Bind("{", "scroll back", "{", "up", "k"), Group: hostKeySection, Hidden: true, Do: func() view.Effect { p.scroll = max(0, p.scroll-1); return view.Effect{} }},
	}
}

func (p *alarmPage) key(view.Env, tea.Msg) view.Effect { return view.Effect{} }
func (p *alarmPage) news(*Model, view.Env)             {}

func (p *alarmPage) facts() []pane.Fact {
	return []pane.Fact{
		{Label: "!", Value: hostKeyWarning[0], Class: theme.Bad}, {},
		{Label: "means", Value: hostKeyWarning[1]}, {},
		{Label: "to do", Value: hostKeyWarning[2], Class: theme.Strong}, {},
		{Label: "keys", Value: "esc leaves everything as it is; H forgets the old host key, after a question; d shows each step"},
	}
}

func (p *alarmPage) draw(env view.Env, w, h int) string {
	if h < 1 {
		return fit.Block(nil, w, h)
	}
	return pane.Facts(env.Theme, "Another machine answers for "+p.name, p.facts(), max(0, min(p.scroll, pane.MaxScroll(p.facts(), w, h))), w, h)
}

// forgetForm is the question before a pinned host key is dropped.
const forgetForm = "forget a host key"

// askForgetHostKey asks before the pinned host key of an instance is dropped.
func (m *Model) askForgetHostKey(env view.Env, id vastapi.InstanceID) view.Effect {
	return view.Do(view.Ask{Form: view.Form{
		ID: forgetForm, Title: "Forget the host key of " + called(env, id), Button: "Go on", Busy: "forgetting…",
		Intro: []view.Pair{
			{Label: "what it does", Value: "the next connection takes whatever host key is shown then, and keeps that one"},
			{Label: "do it", Value: "after you recycled the instance, changed its image or updated it"},
			{Label: "do not", Value: "when you cannot say why the key has changed: somebody may stand in between", Warn: true},
		},
		Fields: []view.Field{{Key: "forget", Label: "forget it", Kind: view.Choice, Help: "left and right choose",
			Options: []view.Option{{Value: "no", Label: "no, keep it"}, {Value: "yes", Label: "yes, I know why it changed"}}}},
		Submit: func(env view.Env, v view.Values) view.Effect {
			if v["forget"] != "yes" {
				return view.Do(view.FormDone{Form: forgetForm})
			}
			return view.Wait(env.Load.ForgetHostKey(id))
		},
	}})
}

// hostKeyForgotten says what comes next. Where it is examined, that begins anew.
func (m *Model) hostKeyForgotten(env view.Env, msg command.HostKeyForgotten) view.Effect {
	if msg.Err != nil {
		return view.Do(view.FormFailed{Form: forgetForm, Text: ended(safetext.Clean(view.Sentence(msg.Err), 300))})
	}
	who := called(env, msg.Instance)
	e := view.Do(view.FormDone{Form: forgetForm}, view.Toast{Text: "the host key of " + who + " is forgotten: the next connection keeps the one that is shown then", Level: view.Good},
		note(env, feed.EventWarn, msg.Instance, "the host key of "+who+" was forgotten by hand"))
	e = view.Join(e, m.openFailed(env, msg.Instance))
	i, there := env.Data.Instance(msg.Instance)
	if p, open := m.doctor(msg.Instance); open && there {
		return view.Join(e, p.begin(env, i))
	}
	if p, open := m.page.(*alarmPage); open && p.id == msg.Instance {
		m.page = nil
	}
	return e
}
