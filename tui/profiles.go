package tui

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/statusbar"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

// Profiles says which profiles there are and how the program is switched to another
// one. The zero Profiles have one account, which cannot be left.
type Profiles struct {
	Name  string // the one in use
	Color string // of its chip, one of theme.Chips; "" = none
	// All are those that can be switched to, the one in use among them.
	All []view.Profile
	// Open makes what the program is given for another profile: its own journal,
	// memory, history, ssh and sources of a key.
	Open func(ctx context.Context, name string) (Deps, error)
	// Close gives back what this profile's Deps hold. It may take some seconds.
	Close func()
}

// profiles is what the root knows of switching.
type profiles struct {
	// turn counts the profiles of this run. What a command of an earlier one answers
	// is recognised by it; the commands look at it from their goroutines.
	turn    *atomic.Int64
	all     []view.Profile
	opening string // the profile that is being opened, "" = none
	// connections are the instances to which shared connections are closed when this
	// profile is left.
	connections []vastapi.InstanceID
}

// retireLimit is how long a profile that is left has for what it still writes and closes.
const retireLimit = 3 * time.Second

// sealed is an answer together with the profile that it was asked for.
type sealed struct {
	turn int64
	msg  tea.Msg
}

// Init starts the program.
func (m *Model) Init() tea.Cmd { return m.seal(m.begins()) }

// Update takes a message. What was asked for a profile that has been left meanwhile
// is heard by nobody.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if s, ok := msg.(sealed); ok {
		if s.turn != m.profiles.turn.Load() {
			return m, m.unheard(s.msg)
		}
		msg = s.msg
	}
	_, cmd := m.update(msg)
	return m, m.seal(cmd)
}

// unheard gives back what an answer to a profile that was left holds.
func (m *Model) unheard(msg tea.Msg) tea.Cmd {
	if opened, ok := msg.(command.ProfileOpened[Deps]); ok && opened.Err == nil {
		return command.GiveBack(opened.Profile.Profiles.Close)
	}
	return nil
}

// seal marks what cmd answers as this profile's. With one account there is nothing
// to tell apart.
func (m *Model) seal(cmd tea.Cmd) tea.Cmd {
	if cmd == nil || m.deps.Profiles.Open == nil {
		return cmd
	}
	turn := m.profiles.turn
	return sealedWith(turn, turn.Load(), cmd)
}

func sealedWith(now *atomic.Int64, turn int64, cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() tea.Msg {
		msg := cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			all := make(tea.BatchMsg, len(batch))
			for n, c := range batch {
				all[n] = sealedWith(now, turn, c)
			}
			return all
		}
		switch {
		case msg == nil:
			return nil
		case ownMessage(msg):
			return sealed{turn, msg}
		case now.Load() != turn:
			return nil // e.g. a shell that was about to get the terminal
		}
		return msg // Bubble Tea's own
	}
}

// ownMessage reports whether msg is of this program, and no message that Bubble Tea
// itself has to see.
func ownMessage(msg tea.Msg) bool {
	return strings.HasPrefix(reflect.TypeOf(msg).PkgPath(), ownPackages)
}

// ownPackages begins the path of every package of this program.
var ownPackages = strings.TrimSuffix(reflect.TypeFor[Model]().PkgPath(), "tui")

// Profiles are what can be switched to, the one in use marked; none where there is
// one account only. The list is shared and must not be changed.
func (m *Model) Profiles() []view.Profile { return m.profiles.all }

// marked are the profiles of the run, the one in use marked.
func (p Profiles) marked() []view.Profile {
	if p.Open == nil {
		return nil
	}
	list := slices.Clone(p.All)
	for n := range list {
		list[n].Current = list[n].Name == p.Name
	}
	return list
}

// switchProfile leaves the account in use for the profile of that name, or says why
// not.
func (m *Model) switchProfile(name string) tea.Cmd { return m.onSwitch(view.Switch{Profile: name}) }

// onSwitch begins to switch, after a question when something would end by it.
func (m *Model) onSwitch(to view.Switch) tea.Cmd {
	if why := m.staying(to.Profile); why != "" {
		m.toast(why, view.Warn)
		return nil
	}
	if ends := m.endsWith(); (len(ends) > 0 || len(m.data.Remote.Sessions) > 0) && !to.Sure {
		return m.apply(view.Do(view.Ask{Form: m.switchForm(to.Profile, ends)}), true)
	}
	m.profiles.opening, m.profiles.connections = to.Profile, to.Close
	return command.OpenProfile(m.cmd, to.Profile, m.deps.Profiles.Open)
}

// staying is why the profile in use cannot be left for another one now, "" = it can.
func (m *Model) staying(name string) string {
	all := m.Profiles()
	switch {
	case m.deps.Demo && all == nil:
		return "the demo has one account"
	case all == nil:
		return "this run has one account: nothing to switch to"
	case name == m.deps.Profiles.Name:
		return "profile " + name + " is in use already"
	case !slices.ContainsFunc(all, func(p view.Profile) bool { return p.Name == name }):
		return unknownProfile(name, all)
	case m.profiles.opening != "":
		return "profile " + m.profiles.opening + " is being opened already"
	}
	return m.inFlight()
}

// inFlight is why this account cannot be left: something that changes it is under way.
func (m *Model) inFlight() string {
	switch {
	case len(m.work) > 0:
		return figure.Plural(len(m.work), "change") + verb(len(m.work), " is", " are") + " still under way: switch once it is known what came of it (W shows it)"
	case len(m.held()) > 0:
		return "what was agreed to has not been sent yet: wait for it, or take it back with esc, and switch then"
	}
	return ""
}

func unknownProfile(name string, all []view.Profile) string {
	var names []string
	for _, p := range all {
		if !p.Current {
			names = append(names, p.Name)
		}
	}
	if len(names) == 0 {
		return "there is no other profile yet: [profiles.NAME] in config.toml makes one, or `vastdeck --profile NAME`"
	}
	return fmt.Sprintf("there is no profile %q: there is %s", safetext.Clean(name, maxCalled), strings.Join(names, ", "))
}

// endsWith is what ends, or goes on by itself, when this profile is left, in sentences.
func (m *Model) endsWith() []string {
	why := m.closing()
	if m.session.phase == ready && m.session.source == runOnly {
		why = append(why, "The API key of this profile lasts for this run only and is forgotten: coming back takes it anew.")
	}
	if n := m.cmd.Running(); n > 0 {
		why = append(why, figure.Plural(n, "command")+verb(n, " on instances is", " on instances are")+" under way and will be broken off.")
	}
	return why
}

// connected are the instances to which a shared connection is up: those to which no tunnel
// that is kept goes, and those to which one does.
func (m *Model) connected() (idle, carry []vastapi.InstanceID) {
	for _, s := range m.data.Remote.Sessions {
		if slices.ContainsFunc(m.data.Remote.Tunnels, func(t remote.Tunnel) bool {
			return t.Instance == s.Instance && t.Keep && t.State != remote.TunnelClosed
		}) {
			carry = append(carry, s.Instance)
		} else {
			idle = append(idle, s.Instance)
		}
	}
	return idle, carry
}

// connections says which shared connections: "the shared connection to instance 7".
func connections(ids []vastapi.InstanceID) string {
	if len(ids) == 1 {
		return "the shared connection to instance " + ids[0].String()
	}
	return figure.Count(len(ids)) + " shared connections"
}

// keptOpen says which tunnels of the profile that was left stay open, "" = none.
func (m *Model) keptOpen() string {
	n := 0
	for _, t := range m.data.Remote.Tunnels {
		if t.Keep && t.State != remote.TunnelClosed && !slices.Contains(m.profiles.connections, t.Instance) {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	return figure.Plural(n, "tunnel") + " of profile " + m.deps.Profiles.Name + verb(n, " stays open", " stay open")
}

// leaveForm asks about leaving the profile in use.
const leaveForm = "switch-profile"

const (
	fIdle  = "connections"
	fCarry = "kept"
)

// mayAsk reports whether a form can be shown: without an account there is none but what the
// log-in screen asks, and whether to leave the profile.
func (m *Model) mayAsk(f view.Form, byKey bool) bool {
	return m.session.phase == ready || m.session.phase == loggedOut && byKey || f.ID == leaveForm
}

// switchForm asks before what is open over ssh is left behind.
func (m *Model) switchForm(name string, ends []string) view.Form {
	const form = leaveForm
	f := view.Form{
		ID: form, Title: "Leave profile " + m.deps.Profiles.Name + " for " + name, Button: "Switch to " + name, Busy: "opening the profile…",
		Submit: func(_ view.Env, v view.Values) view.Effect {
			to := view.Switch{Profile: name, Sure: true}
			idle, carry := m.connected()
			if v.On(fIdle) {
				to.Close = idle
			}
			if v.On(fCarry) {
				to.Close = append(to.Close, carry...)
			}
			return view.Do(view.FormDone{Form: form}, to)
		},
	}
	for _, line := range ends {
		f.Intro = append(f.Intro, view.Pair{Value: line})
	}
	idle, carry := m.connected()
	if len(idle) > 0 {
		f.Fields = append(f.Fields, view.Field{Key: fIdle, Label: "connections", Kind: view.Toggle, Value: view.Yes,
			Help: "closes " + connections(idle) + fmt.Sprintf(", and every shell that runs over %s, also in another window; else %s up for ten minutes after the last use, and held ones until they are closed",
				verb(len(idle), "it", "them"), verb(len(idle), "it stays", "they stay"))})
	}
	if len(carry) > 0 {
		f.Fields = append(f.Fields, view.Field{Key: fCarry, Label: "kept tunnels", Kind: view.Toggle,
			Help: "closes the tunnels that are kept too; else they stay open, and profile " + m.deps.Profiles.Name + " lists them"})
	}
	return f
}

// opened goes on with the profile that was opened, unless something began meanwhile
// that keeps this one.
func (m *Model) opened(o command.ProfileOpened[Deps]) tea.Cmd {
	m.profiles.opening = ""
	if o.Err != nil {
		m.toast(fmt.Sprintf("profile %s cannot be opened: %s", o.Name, view.Sentence(o.Err)), view.Bad)
		return nil
	}
	if why := m.inFlight(); why != "" {
		m.toast(why, view.Warn)
		return command.GiveBack(o.Profile.Profiles.Close)
	}
	return m.become(o.Profile)
}

// become makes the model that of another profile. Nothing of the former one is left
// in it but how the terminal is: no figure, no question, no plan, no key.
func (m *Model) become(deps Deps) tea.Cmd {
	m.part()
	retire := m.cmd.Retire(m.profiles.connections, retireLimit, m.deps.Profiles.Close)
	kept := m.keptOpen()
	former := *m
	m.start(former.cmd.Heir(deps.Command), deps, former.looks)
	m.size, m.focused, m.reports, m.deaf = former.size, former.focused, former.reports, former.deaf
	m.profiles.turn.Add(1)
	m.toast("now in profile "+deps.Profiles.Name, view.Info)
	if kept != "" {
		m.toast(kept, view.Warn)
	}
	return tea.Batch(m.begins(), retire)
}

// retired says what a profile that was left could not keep or close.
func (m *Model) retired(r command.Retired) {
	if r.Err != nil {
		m.toast("the profile that was left could not be closed properly: "+view.Sentence(r.Err), view.Warn)
	}
}

// Close gives back what the profile in use holds, once the program has ended and
// everything else is written. It waits at most limit for profiles that were left before.
func (m *Model) Close(limit time.Duration) {
	if m.deps.Profiles.Close != nil {
		m.deps.Profiles.Close()
	}
	m.cmd.Left(limit)
}

// profilePiece is the profile's name on its colour: nothing where there is one account
// without a colour.
func (m *Model) profilePiece() (statusbar.Piece, bool) {
	p := m.deps.Profiles
	if p.Name == "" || p.Color == "" && len(p.All) < 2 {
		return statusbar.Piece{}, false
	}
	piece := statusbar.Piece{Text: p.Name, Class: theme.Strong, Priority: 2}
	if p.Color != "" {
		piece.Text, piece.Chip, piece.Priority = " "+p.Name+" ", p.Color, 1
	}
	return piece, true
}
