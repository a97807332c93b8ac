package account

import (
	"errors"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/entry"
)

// Login is the screen that is shown while there is no key: it explains how to get one,
// takes it, opens a file that a passphrase locks, and takes over the key of the
// official client.
type Login struct {
	line   entry.Line // the key
	phrase entry.Line // a passphrase
	again  entry.Line // the same, typed once more

	mode   mode
	focus  field
	keep   int  // index of keeping
	remove bool // the official client's file goes once its key is kept

	why    string // why there is no key
	failed string // why what was typed is no good
	trying bool

	asked  bool // where keys are kept has been asked for
	places *command.KeyPlaces
}

// mode is what is asked for.
type mode int

const (
	entering  mode = iota // a key
	unlocking             // the passphrase of the encrypted file
	importing             // what to do with the official client's key
)

// field is one line of what is asked for.
type field int

const (
	keyField field = iota
	keepField
	phraseField
	againField
	removeField
)

// NewLogin returns the screen with an empty line.
func NewLogin() *Login {
	return &Login{line: entry.New("", 256, true), phrase: entry.New("", 1024, true), again: entry.New("", 1024, true), asked: true}
}

// Because says why there is no key. Where keys are kept is looked at anew: what keeps
// them may have come, or gone.
func (m *Login) Because(why string) {
	m.why, m.asked = why, false
}

// Title is "Log in".
func (m *Login) Title(view.Env) (string, string) { return "Log in", "" }

// Capturing is always true: the key line has the keyboard.
func (m *Login) Capturing() bool { return true }

// fields are the lines of what is asked for.
func (m *Login) fields() []field {
	var list []field
	switch m.mode {
	case unlocking:
		return []field{phraseField}
	case entering:
		list = append(list, keyField)
	}
	if m.places != nil {
		list = append(list, keepField)
		if m.in() == command.KeepFile {
			list = append(list, phraseField, againField)
		}
	}
	if m.mode == importing {
		list = append(list, removeField)
	}
	return list
}

// in is where the key is to be kept.
func (m *Login) in() command.KeepIn { return keepIn(keeping[m.keep].Value) }

// position is the place of the focus among the fields.
func (m *Login) position() int {
	for n, f := range m.fields() {
		if f == m.focus {
			return n
		}
	}
	return 0
}

// step moves the focus.
func (m *Login) step(by int) view.Effect {
	list := m.fields()
	m.focus = list[(m.position()+by+len(list))%len(list)]
	return view.Effect{}
}

// edited is the line that has the focus, nil where a choice has it.
func (m *Login) edited() *entry.Line {
	switch m.focus {
	case keyField:
		return &m.line
	case phraseField:
		return &m.phrase
	case againField:
		return &m.again
	}
	return nil
}

// lacking is why it cannot be handed in, and the field that this is about.
func (m *Login) lacking() (string, field) {
	switch {
	case m.mode == entering && strings.TrimSpace(m.line.Value()) == "":
		return "paste or type an API key first", keyField
	case m.mode == unlocking && m.phrase.Value() == "":
		return "type the passphrase first", phraseField
	case m.mode == unlocking || m.places == nil || m.in() != command.KeepFile:
		return "", 0
	}
	wrong := checkPhrase(view.Values{fPhrase: m.phrase.Value(), fAgain: m.again.Value()})
	if wrong[fPhrase] != "" {
		return "a passphrase of " + wrong[fPhrase], phraseField
	}
	return wrong[fAgain], againField
}

// Actions are what works while something is typed.
func (m *Login) Actions(env view.Env) []view.Action {
	why, at := m.lacking()
	do := func() view.Effect { return m.submit(env) }
	switch {
	case m.trying:
		why = "the key is being checked"
	case why != "" && at > m.focus:
		// The line that has the focus is as it should be: enter leads to the next one.
		why, do = "", func() view.Effect { m.focus = at; return view.Effect{} }
	}
	// The bottom line of a narrow screen ends early: what leads elsewhere comes before what everybody finds.
	list := append([]view.Action{typing("enter", m.verb(), why, do)}, m.ways(env)...)
	list = append(list, typing("ctrl+u", "clear the line", "", func() view.Effect {
		if line := m.edited(); line != nil {
			line.Set("")
		}
		return view.Effect{}
	}))
	if len(m.fields()) > 1 {
		list = append(list,
			typing("tab", "next line", "", func() view.Effect { return m.step(1) }, "down"),
			typing("shift+tab", "the line before", "", func() view.Effect { return m.step(-1) }, "up"),
		)
	}
	return list
}

// verb is what enter does.
func (m *Login) verb() string {
	switch m.mode {
	case unlocking:
		return "unlock"
	case importing:
		return "take it over"
	}
	return "log in"
}

// ways are the keys that lead to what else can be asked for.
func (m *Login) ways(env view.Env) []view.Action {
	list := elsewhere(env)
	if m.places == nil {
		return list
	}
	to := func(w mode, f field) func() view.Effect {
		return func() view.Effect { m.enter(w, f); return view.Effect{} }
	}
	if m.mode != entering {
		list = append(list, typing("esc", "type an API key instead", "", to(entering, keyField)))
	}
	if m.mode != unlocking && m.places.Locked != "" {
		list = append(list, typing("ctrl+p", "unlock the key file…", "", to(unlocking, phraseField)))
	}
	if m.places.Import != nil {
		if m.mode != importing {
			list = append(list, typing("ctrl+o", "take over the official client's key…", "", to(importing, keepField)))
		}
		list = append(list, typing("ctrl+n", "leave that key alone, and ask no more", "", func() view.Effect {
			m.places.Import = nil
			if m.mode == importing {
				m.enter(entering, keyField)
			}
			return view.Wait(env.Load.DeclineImport())
		}))
	}
	return list
}

func typing(key, label, why string, do func() view.Effect, more ...string) view.Action {
	return view.Action{Key: view.Bind(key, label, append([]string{key}, more...)...), Group: "Log in", Typing: true, Disabled: why, Do: do}
}

// enter asks for something else. A passphrase was meant for what was asked before.
func (m *Login) enter(w mode, f field) {
	m.mode, m.focus, m.failed = w, f, ""
	m.phrase.Set("")
	m.again.Set("")
}

// submit hands in what was typed.
func (m *Login) submit(env view.Env) view.Effect {
	m.trying, m.failed = true, ""
	key := strings.TrimSpace(m.line.Value())
	switch {
	case m.mode == unlocking:
		return view.Wait(env.Load.Unlock(m.phrase.Value()))
	case m.mode == importing:
		return view.Wait(env.Load.ImportKey(m.in(), m.phrase.Value(), m.remove))
	case m.places == nil:
		return view.Wait(env.Load.TryKey(key))
	}
	return view.Wait(env.Load.KeepKey(key, m.in(), m.phrase.Value()))
}

// Update takes typing, and the answer about the key. The key is forgotten here as
// soon as it is known to be good.
func (m *Login) Update(env view.Env, msg tea.Msg) view.Effect {
	var e view.Effect
	if !m.asked {
		m.asked = true
		e.Cmd = env.Load.LoadKeyPlaces()
	}
	switch msg := msg.(type) {
	case command.KeyTried:
		m.tried(msg)
	case command.KeyFound:
		m.locked(msg.Err)
	case command.KeyPlacesFound:
		m.found(msg)
	case tea.KeyPressMsg:
		m.key(msg)
	case tea.PasteMsg:
		if line := m.edited(); line != nil && !m.trying {
			line.Update(msg)
			m.failed = ""
		}
	}
	return e
}

// tried takes in what came of a key.
func (m *Login) tried(msg command.KeyTried) {
	if msg.Err != nil {
		if m.trying { // else another screen has asked
			m.trying, m.failed = false, view.Sentence(msg.Err)
		}
		return
	}
	m.trying, m.failed, m.why, m.places = false, "", "", nil
	m.line.Set("")
	m.enter(entering, keyField)
}

// locked asks for the passphrase at once where a key waits for one.
func (m *Login) locked(err error) {
	var l *command.LockedError
	if errors.As(err, &l) && m.line.Value() == "" {
		m.places = &command.KeyPlaces{Locked: l.Path}
		m.enter(unlocking, phraseField)
	}
}

// found takes in where keys are kept. A key that waits for its passphrase is asked
// for first, unless something is being typed already.
func (m *Login) found(msg command.KeyPlacesFound) {
	if msg.Err != nil {
		return // a key is taken all the same
	}
	places := msg.Places
	if m.places == nil || m.places.Keyring != places.Keyring {
		m.keep = 0
		if places.Keyring != "" {
			m.keep = 1 // this run only
		}
	}
	m.places = &places
	if places.Locked != "" && !m.trying && m.mode == entering && m.line.Value() == "" {
		m.enter(unlocking, phraseField)
	}
}

// key takes a key for the line or the choice that has the focus.
func (m *Login) key(k tea.KeyPressMsg) {
	if m.trying {
		return
	}
	m.failed = ""
	if line := m.edited(); line != nil {
		line.Update(k)
		return
	}
	switch name := k.String(); {
	case m.focus == removeField && (name == "space" || name == "left" || name == "right"):
		m.remove = !m.remove
	case m.focus == keepField && (name == "space" || name == "right"):
		m.keep = (m.keep + 1) % len(keeping)
	case m.focus == keepField && name == "left":
		m.keep = (m.keep + len(keeping) - 1) % len(keeping)
	}
}
