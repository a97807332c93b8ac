package run

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/entry"
	"vastdeck/tui/widget/logview"
	"vastdeck/vastapi"
)

// Model is the page on which commands are run. It implements view.View.
type Model struct {
	theme   *theme.Theme
	targets []vastapi.InstanceID // where the next command is to run
	batch   *batch               // the command that runs or ran last, nil before the first

	line    entry.Line
	typing  bool // the line has the keyboard
	note    string
	history history

	viaAPI  bool // the API is used also where ssh reaches
	timeout time.Duration
	at      int     // row of the list: what is shown beside it
	now     []route // the ways for what is in the line
	basis   basis   // from which they were worked out
	meant   meant   // the ways shown when the line was last changed
	begun   int     // how many commands have been begun, to tell them apart
	working bool
	blank   logview.Model // in place of output before anything has run
}

// timeouts are what a command over ssh may take; 0 is as long as it likes.
var timeouts = []time.Duration{30 * time.Second, 2 * time.Minute, 10 * time.Minute, time.Hour, 0}

const usualTimeout = 2 * time.Minute

// longestLine is how much can be typed: a command over ssh may be longer than one
// through the API.
const longestLine = 4096

// New returns the page without any instance.
func New(th *theme.Theme) *Model {
	return &Model{theme: th, line: entry.New("", longestLine, false), timeout: usualTimeout, blank: logview.New("", th)}
}

// Title is what the page is called, with the instance or how many there are.
func (m *Model) Title(view.Env) (name, badge string) {
	switch len(m.targets) {
	case 0:
		return "Run", ""
	case 1:
		if len(m.now) == 1 {
			return "Run", m.now[0].name
		}
		return "Run", "#" + m.targets[0].String()
	}
	return "Run", strconv.Itoa(len(m.targets))
}

// Capturing reports whether a text line has the keyboard.
func (m *Model) Capturing() bool { return m.typing || m.pane().Capturing() }

// Visible are the instances that the page is about.
func (m *Model) Visible(view.Env) []vastapi.InstanceID { return m.targets }

// Update takes what has become of commands, and the keys no action has claimed.
func (m *Model) Update(env view.Env, msg tea.Msg) view.Effect {
	return m.done(env, m.take(env, msg))
}

func (m *Model) take(env view.Env, msg tea.Msg) view.Effect {
	switch msg := msg.(type) {
	case view.Focused:
		if on, ok := msg.On.(view.RunCommand); ok {
			m.open(on.Instances)
			if on.Command != "" {
				m.line.Set(on.Command)
			}
		}
	case command.RemoteStarted:
		m.started(env, msg)
	case command.RemoteOutput:
		m.heard(msg)
	case command.RemoteHostEnded:
		m.ended(env, msg)
	case command.PlanExecuted:
		return m.executed(env, msg.Report)
	case command.OutputRead:
		return m.outputRead(env, msg)
	case command.Computed[step]:
		m.working = false
	case tea.BackgroundColorMsg:
		m.theme = env.Theme
		m.each(func(l *logview.Model) { l.SetTheme(env.Theme) })
	case tea.KeyPressMsg, tea.PasteMsg:
		return m.key(env, msg)
	}
	return view.Effect{}
}

// open makes the next command run on other instances. What runs goes on, and what
// came of the last command is shown until the next one begins.
func (m *Model) open(ids []vastapi.InstanceID) {
	if len(ids) > 0 {
		if !slices.Equal(ids, m.targets) { // what was meant for some is not left lying for others
			m.line.Set("")
			m.viaAPI = false
		}
		m.targets, m.now = ids, nil
	}
	m.meant = meant{}
	m.typing, m.note = true, ""
	if m.batch != nil && !m.batch.running() && !m.batch.covers(ids) {
		m.batch, m.at = nil, 0
	}
}

// each does something to every log there is.
func (m *Model) each(do func(*logview.Model)) {
	do(&m.blank)
	if m.batch == nil {
		return
	}
	do(m.batch.all)
	for _, j := range m.batch.jobs {
		do(j.log)
	}
}

// step is what a step of work answers: only that it is its turn.
type step struct{}

// done is what every message ends with: what waits is taken in, a piece in each
// message, so that no key waits for it.
func (m *Model) done(env view.Env, e view.Effect) view.Effect {
	m.reroute(env)
	m.mean()
	if j, _ := m.chosen(); j != nil {
		j.tell(env.Now)
	}
	if m.working {
		return e
	}
	more := m.batch != nil && m.batch.piece(env.Now)
	if !m.pane().Work() && !more {
		return e
	}
	m.working = true
	return view.Join(e, view.Wait(command.Compute(env.Load, "run/work", func() step { return step{} })))
}

// pane is the log that is shown.
func (m *Model) pane() *logview.Model {
	j, all := m.chosen()
	switch {
	case m.batch == nil:
		return &m.blank
	case all:
		return m.batch.all
	}
	return j.log
}

// chosen is the host whose row the list stands on; all says that it stands on the
// row of all of them.
func (m *Model) chosen() (j *job, all bool) {
	if m.batch == nil {
		return nil, false
	}
	at := m.at
	if len(m.batch.jobs) > 1 {
		if at == 0 {
			return nil, true
		}
		at--
	}
	return m.batch.jobs[min(at, len(m.batch.jobs)-1)], false
}

// rows is how many rows the list has.
func (m *Model) rows() int {
	switch {
	case m.batch == nil:
		return 0
	case len(m.batch.jobs) == 1:
		return 1
	}
	return len(m.batch.jobs) + 1
}

// runName names one command on its way, other than all before it.
func (m *Model) runName() string {
	m.begun++
	return fmt.Sprintf("run/%d", m.begun)
}
