package logs

import (
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/logview"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// Model is the page on which logs are read. It implements view.View.
type Model struct {
	log     logview.Model
	sources []*source
	more    int // instances that were asked for beyond the most that are read at once

	tail   int  // so many lines are asked for at first
	daemon bool // what the machine says about the containers, not the containers
	live   bool // a file is followed over ssh
	file   string
	begun  int    // how often that was begun
	noSSH  string // why no file can be followed over ssh, "" when one can
	paused bool   // nothing is asked for by itself

	shown   bool // the page is what is seen
	working bool // a step of work is on its way
	pace    *command.Pace
}

// Tails are how many lines can be asked for; the last one is as many as are held.
var tails = []int{100, 1000, 10_000, logview.MaxLines}

const (
	usualTail = 1000
	seed      = 0x6c6f6773 // of the jitter between requests
	// most is how many logs are read at once: more would leave too few of the reads
	// that a minute has for everything else.
	most = 24
)

// New returns the page without any log.
func New(th *theme.Theme) *Model {
	m := &Model{log: logview.New("", th), tail: usualTail, file: remote.OnstartLog, pace: command.NewPace(seed)}
	m.log.SetZone(time.Local)
	return m
}

// Title is what the page is called, with the instance or how many there are.
func (m *Model) Title(view.Env) (name, badge string) {
	switch len(m.sources) {
	case 0:
		return "Logs", ""
	case 1:
		return "Logs", m.sources[0].name
	}
	return "Logs", strconv.Itoa(len(m.sources))
}

// Capturing reports whether a filter or a search is being typed.
func (m *Model) Capturing() bool { return m.log.Capturing() }

// Visible are the instances whose logs are read.
func (m *Model) Visible(view.Env) []vastapi.InstanceID {
	ids := make([]vastapi.InstanceID, len(m.sources))
	for n, s := range m.sources {
		ids[n] = s.id
	}
	return ids
}

// Update takes what was read, and the keys no action has claimed.
func (m *Model) Update(env view.Env, msg tea.Msg) view.Effect {
	e := m.take(env, msg)
	m.tell(env)
	return view.Join(e, m.work(env))
}

func (m *Model) take(env view.Env, msg tea.Msg) view.Effect {
	switch msg := msg.(type) {
	case view.Focused:
		if show, ok := msg.On.(view.ShowLogs); ok {
			return m.open(env, show.Instances)
		}
	case view.Shown:
		return m.resume(env)
	case view.Hidden:
		m.rest(env)
	case command.Refresh:
		if m.shown && !m.live {
			return m.askAll(env)
		}
	case command.LogsRead:
		return m.read(env, msg)
	case command.Due:
		return m.due(env, msg)
	case command.RemoteOutput:
		m.heard(env, msg)
	case command.RemoteHostEnded:
		m.cut(msg)
	case command.InstancesLoaded:
		m.lookForSSH(env)
		return m.follow(env)
	case command.Computed[step]:
		m.working = false
	case tea.BackgroundColorMsg:
		m.log.SetTheme(env.Theme)
	case tea.KeyPressMsg, tea.PasteMsg:
		return m.key(env, msg)
	}
	return view.Effect{}
}

// open shows the logs of other instances than before, or goes on with the same.
func (m *Model) open(env view.Env, ids []vastapi.InstanceID) view.Effect {
	if m.same(ids) {
		return m.resume(env)
	}
	m.rest(env)
	m.more = max(0, len(ids)-most)
	m.sources, m.live, m.paused = nil, false, false
	for _, id := range ids[:min(len(ids), most)] {
		m.sources = append(m.sources, &source{id: id})
	}
	m.name(env)
	m.lookForSSH(env)
	m.log.SetFilter("")
	m.log.EndSearch()
	return m.anew(env)
}

func (m *Model) same(ids []vastapi.InstanceID) bool {
	if len(ids) != len(m.sources)+m.more || len(ids) == 0 {
		return false
	}
	for n, s := range m.sources {
		if s.id != ids[n] {
			return false
		}
	}
	return true
}

// anew forgets what was read and asks for it all.
func (m *Model) anew(env view.Env) view.Effect {
	m.clear()
	for _, s := range m.sources {
		s.forget()
	}
	m.shown = true
	return m.askAll(env)
}

// clear empties the log. Each instance keeps its colour, whose log comes first or not.
func (m *Model) clear() {
	m.log.Clear()
	for _, s := range m.sources {
		m.log.Expect(s.name)
	}
}

// resume goes on when the page is seen again: what is old is asked for now.
func (m *Model) resume(env view.Env) view.Effect {
	if m.shown {
		return view.Effect{}
	}
	m.shown = true
	if m.live {
		return m.goLive(env)
	}
	return m.follow(env)
}

// rest gives up everything that is asked for: nobody sees it.
func (m *Model) rest(env view.Env) {
	if !m.shown {
		return
	}
	m.shown = false
	m.stopLive(env)
	for _, s := range m.sources {
		m.quiet(env, s)
	}
}
