package account

import (
	"strconv"

	"vastdeck/tui/command"
	"vastdeck/tui/listing"
	"vastdeck/tui/view"
)

// rawPage is something of the account in the server's own words, with what is secret
// masked before it came here.
type rawPage struct {
	listing.Raw
	name string // of what was asked for
}

// openRaw asks for something of the account as the server gives it now, and shows that.
func (m *Model) openRaw(env view.Env, of command.OfAccount) view.Effect {
	title, what := rawTitle(of)
	ask := env.Load.LoadAccountRaw(of)
	m.closePages()
	m.raw = &rawPage{listing.NewRaw(title, what, ask != nil, env.Theme), of.Name()}
	return view.Wait(ask)
}

// rawTitle is what is shown, and what is said after copying it.
func rawTitle(of command.OfAccount) (title, what string) {
	switch of := of.(type) {
	case command.RawAPIKey:
		return "API key " + strconv.FormatInt(of.ID, 10), "the key's facts as JSON"
	case command.RawEnvVars:
		return "Variables of the account", "the variables' names as JSON"
	case command.RawAudit:
		return logHeading(&logged{at: of.Entry.At}), "the line as JSON"
	}
	return "Account", "the account as JSON"
}

// rawRead shows the server's own words, or says why they are not to be had.
func (m *Model) rawRead(msg command.AccountRawRead) {
	if m.raw != nil && m.raw.name == msg.Name {
		m.raw.Answer(msg.Lines, msg.Err, "; secrets are masked")
	}
}

// rawActions are what keys do while the server's own words are shown.
func (m *Model) rawActions() []view.Action {
	return []view.Action{m.raw.Copy(section), {
		Key: view.Bind("esc", "back", "esc"), Group: section, Typing: true,
		Do: func() view.Effect {
			if m.raw.Back() {
				m.raw = nil
			}
			return view.Effect{}
		},
	}}
}

// rawMouse is what the mouse does on the server's own words.
func (m *Model) rawMouse() listing.Mouse {
	return listing.Mouse{Page: m.raw, Keys: m.rawActions}
}
