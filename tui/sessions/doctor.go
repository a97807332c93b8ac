package sessions

import (
	"fmt"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/safetext"
)

// steps are what an examination looks at, in its order, and what each one asks.
var steps = []struct {
	step remote.Step
	asks string
}{
	{remote.StepStatus, "does the instance run"},
	{remote.StepPort, "is there an address to speak to"},
	{remote.StepTCP, "does something answer there"},
	{remote.StepBanner, "is it ssh"},
	{remote.StepHostKey, "is it the machine that it was before"},
	{remote.StepAuth, "does it take one of our keys"},
	{remote.StepShell, "does it run a command"},
}

// doctorPage finds out why ssh to an instance does not work, step by step.
type doctorPage struct {
	id      vastapi.InstanceID
	name    string
	way     func() remote.Way // the only one that is taken now, Auto when each is
	begun   time.Time
	running bool
	checks  []remote.Check // in the order told; a step may be tried by two ways
	err     error
	scroll  int
}

const doctorSection = "Doctor"

// examine shows the page and begins.
func (m *Model) examine(env view.Env, id vastapi.InstanceID) view.Effect {
	i, there := env.Data.Instance(id)
	if !there {
		return gone(id)
	}
	p := &doctorPage{id: id, name: called(env, id), way: func() remote.Way { return m.ways[id] }}
	m.show(p)
	return p.begin(env, i)
}

func (p *doctorPage) begin(env view.Env, i vastapi.Instance) view.Effect {
	p.begun, p.checks, p.err, p.scroll = env.Now, nil, nil, 0
	cmd := env.Load.Examine(i, env.Data)
	p.running = cmd != nil
	return view.Wait(cmd)
}

// doctor is the page about an instance, when it is open.
func (m *Model) doctor(id vastapi.InstanceID) (*doctorPage, bool) {
	p, ok := m.page.(*doctorPage)
	return p, ok && p.id == id
}

// examined takes one step in.
func (m *Model) examined(msg command.Examined) {
	if p, ok := m.doctor(msg.Instance); ok && p.running {
		p.told(msg.Check)
	}
}

// told keeps a step, in place of an earlier word about the same one.
func (p *doctorPage) told(c remote.Check) {
	for n := range p.checks {
		if p.checks[n].Step == c.Step && p.checks[n].Way == c.Way {
			p.checks[n] = c
			return
		}
	}
	p.checks = append(p.checks, c)
}

func (m *Model) examineEnded(msg command.ExamineEnded) {
	p, ok := m.doctor(msg.Instance)
	if !ok || !p.running {
		return
	}
	for _, c := range msg.Checks {
		p.told(c)
	}
	p.running, p.err = false, msg.Err
}

// of are the words about a step, one for each way by which it was tried.
func (p *doctorPage) of(s remote.Step) []remote.Check {
	var list []remote.Check
	for _, c := range p.checks {
		if c.Step == s {
			list = append(list, c)
		}
	}
	return list
}

// fault is the first step that failed.
func (p *doctorPage) fault() (remote.Check, bool) {
	for _, s := range steps {
		for _, c := range p.of(s.step) {
			if c.State == remote.CheckFailed {
				return c, true
			}
		}
	}
	return remote.Check{}, false
}

// barred is the way by which ssh works, when shells are to take another one only.
func (p *doctorPage) barred() (works remote.Way, is bool) {
	_, bad := p.fault()
	if only := p.way(); only != remote.Auto && !bad && !p.running && p.err == nil {
		for _, c := range p.of(remote.StepShell) {
			if c.State == remote.CheckOK && c.Way != remote.Auto && c.Way != only {
				return c.Way, true
			}
		}
	}
	return remote.Auto, false
}

// unbar has each way be taken again.
func (m *Model) unbar(p *doctorPage) view.Effect {
	m.setWay(p.id, remote.Auto)
	return view.Do(view.Toast{Text: p.name + " is reached " + wayWords(remote.Auto) + ": s opens a shell", Level: view.Good})
}

// remedies say what enter does about a fault.
var remedies = map[remote.Remedy]string{
	remote.RemedyWait: "look again", remote.RemedyStart: "start it…", remote.RemedyAttachKey: "attach my key…",
	remote.RemedyUseProxy: "use the proxy", remote.RemedyForgetHostKey: "forget the old host key…", remote.RemedyGenerateKey: "make a key…",
}

func (p *doctorPage) actions(m *Model, env view.Env) []view.Action {
	i, there := env.Data.Instance(p.id)
	missing := ""
	if !there {
		missing = "the instance is gone: esc leads back"
	}
	busy := ""
	if p.running {
		busy = "it is still being looked at: wait for the last step, or esc"
	}
	c, bad := p.fault()
	_, barred := p.barred()
	label, none := remedies[c.Fix.Remedy], ""
	mend := func() view.Effect { return m.mend(env, p, i, c.Fix) }
	switch {
	case barred:
		label, mend = "take each way", func() view.Effect { return m.unbar(p) }
	case !bad && p.running:
		none = busy
	case !bad:
		none = "nothing is to be mended: every step that was looked at is in order"
	case label == "":
		none = "the program cannot mend this by itself: what to do stands beside the step"
	case c.Fix.Remedy == remote.RemedyStart || c.Fix.Remedy == remote.RemedyAttachKey:
		none = env.Changing("")
	}
	if label == "" {
		label = "mend it"
	}
	return []view.Action{
		{Key: view.Bind("enter", label, "enter"), Group: doctorSection, Hidden: !bad && !barred, Disabled: firstOf(missing, none), Do: mend},
		{Key: view.Bind("r", "look again", "r"), Group: doctorSection, Disabled: firstOf(missing, busy), Do: func() view.Effect { return p.begin(env, i) }},
		{Key: view.Bind("s", "open a shell", "s"), Group: doctorSection, Disabled: firstOf(missing, unreachable(env, &i)), Do: func() view.Effect { return m.connect(env, p.id, m.ways[p.id]) }},
		{Key: view.Bind("w", "way: "+m.ways[p.id].String(), "w"), Group: doctorSection, Disabled: missing, Do: func() view.Effect { return m.turnWay(env, p.id) }},
		{Key: view.Bind("y", "copy the report", "y"), Group: doctorSection, Do: func() view.Effect {
			return view.Do(view.Copy{Text: p.report(env), What: "the report", Shown: "ssh to instance " + p.id.String()})
		}},
		{Key: view.Bind("}", "scroll", "}", "down", "j"), Group: doctorSection, Hidden: true, Do: func() view.Effect { p.scroll = min(p.scroll+1, p.mostScroll(env)); return view.Effect{} }},
		{Key: view.Bind("{", "scroll back", "{", "up", "k"), Group: doctorSection, Hidden: true, Do: func() view.Effect { p.scroll = max(0, p.scroll-1); return view.Effect{} }},
	}
}

// mend does what can be done about a fault.
func (m *Model) mend(env view.Env, p *doctorPage, i vastapi.Instance, f remote.Fix) view.Effect {
	switch f.Remedy {
	case remote.RemedyWait:
		return p.begin(env, i)
	case remote.RemedyStart:
		return planStart(env, i.ID)
	case remote.RemedyAttachKey:
		return m.askAttach(env, identity(f.Key.Public), []vastapi.InstanceID{i.ID})
	case remote.RemedyGenerateKey:
		return m.askGenerate(env)
	case remote.RemedyUseProxy:
		m.setWay(i.ID, remote.Proxy)
		return view.Do(view.Toast{Text: p.name + " is reached " + wayWords(remote.Proxy) + ": s opens one", Level: view.Good})
	case remote.RemedyForgetHostKey:
		return m.askForgetHostKey(env, i.ID)
	}
	return view.Effect{}
}

func planStart(env view.Env, id vastapi.InstanceID) view.Effect {
	i, there := env.Data.Instance(id)
	if !there {
		return gone(id)
	}
	p, err := rental.PlanStart([]vastapi.Instance{i}, env.Desk)
	if err != nil {
		return failed("", err)
	}
	return view.Do(view.Confirm{Plan: p, Again: func(env view.Env, _ string) view.Effect { return planStart(env, id) }})
}

func (p *doctorPage) key(view.Env, tea.Msg) view.Effect { return view.Effect{} }
func (p *doctorPage) news(*Model, view.Env)             {}

// look is how a step is drawn: glyph, word and class.
func look(s remote.CheckState) (glyph, word string, class theme.Class) {
	switch s {
	case remote.CheckOK:
		return "●", "good", theme.Good
	case remote.CheckWarn:
		return "▲", "not this way", theme.Warn
	case remote.CheckFailed:
		return "✗", "failed", theme.Bad
	}
	return "○", "skipped", theme.Dim
}

func (p *doctorPage) facts() []pane.Fact {
	facts := []pane.Fact{{Label: "in short", Value: p.verdict(), Class: p.class()}}
	if c, bad := p.fault(); bad && c.Fix.Remedy == remote.RemedyForgetHostKey {
		for _, line := range hostKeyWarning {
			facts = append(facts, pane.Fact{Value: line, Class: theme.Bad})
		}
	}
	facts = append(facts, pane.Fact{})
	looking := p.running
	for _, s := range steps {
		told := p.of(s.step)
		if len(told) == 0 {
			text, class := "○ not yet: "+s.asks+"?", theme.Dim
			if looking { // the one that is waited for
				text, class, looking = "◐ looking: "+s.asks+"?", theme.Accent, false
			}
			facts = append(facts, pane.Fact{Label: s.step.String(), Value: text, Class: class})
		}
		for n, c := range told {
			label := s.step.String()
			if n > 0 {
				label = ""
			}
			facts = append(facts, checkFacts(label, c)...)
		}
	}
	return facts
}

// checkFacts are one step and, when it failed, what mends it.
func checkFacts(label string, c remote.Check) []pane.Fact {
	glyph, word, class := look(c.State)
	text := glyph + " " + word
	if c.Way != remote.Auto {
		text += ", " + c.Way.String()
	}
	if found := safetext.Clean(c.Text, 300); found != "" {
		text += ": " + found
	}
	if c.Took >= 100*time.Millisecond && c.State != remote.CheckSkipped {
		text += fmt.Sprintf(" (%.1f s)", c.Took.Seconds())
	}
	facts := []pane.Fact{{Label: label, Value: text, Class: class}}
	if fix := safetext.Clean(c.Fix.Text, 400); fix != "" {
		facts = append(facts, pane.Fact{Value: "→ " + fix, Class: theme.Strong})
	}
	return facts
}

// verdict says what the examination comes to.
func (p *doctorPage) verdict() string {
	c, bad := p.fault()
	switch {
	case bad && remedies[c.Fix.Remedy] != "":
		return "it ends at the step " + c.Step.String() + "; enter: " + strings.TrimSuffix(remedies[c.Fix.Remedy], "…")
	case bad:
		return "it ends at the step " + c.Step.String()
	case p.err != nil:
		return "it could not be found out: " + ended(safetext.Clean(view.Sentence(p.err), 300)) + " r looks again"
	case p.running:
		return "looking…"
	}
	if works, is := p.barred(); is {
		return "ssh works by the way " + works.String() + ", but shells are to take " + p.way().String() + " only; enter: take each way that works"
	}
	return "ssh works: s opens a shell"
}

func (p *doctorPage) class() theme.Class {
	_, bad := p.fault()
	_, barred := p.barred()
	switch {
	case bad || p.err != nil:
		return theme.Bad
	case barred:
		return theme.Warn
	case p.running:
		return theme.Dim
	}
	return theme.Good
}

func (p *doctorPage) mostScroll(env view.Env) int {
	return pane.MaxScroll(p.facts(), env.Size.W, env.Size.H)
}

func (p *doctorPage) draw(env view.Env, w, h int) string {
	if h < 1 {
		return fit.Block(nil, w, h)
	}
	facts := p.facts()
	scroll := max(0, min(p.scroll, pane.MaxScroll(facts, w, h)))
	return pane.Facts(env.Theme, "ssh to "+p.name+", step by step", facts, scroll, w, h)
}

// report is the examination as text to hand on. It holds no key.
func (p *doctorPage) report(env view.Env) string {
	lines := []string{fmt.Sprintf("ssh to instance %s, %s", p.id, p.begun.UTC().Format(time.RFC3339))}
	if i, there := env.Data.Instance(p.id); there {
		lines = append(lines, fmt.Sprintf("machine %s, status %s, run type %s", i.MachineID, env.Data.Traced(i.ID).State(&i).Word, i.RunType))
	}
	for _, s := range steps {
		told := p.of(s.step)
		if len(told) == 0 {
			lines = append(lines, fmt.Sprintf("%-9s not looked at", s.step))
		}
		for _, c := range told {
			_, word, _ := look(c.State)
			line := fmt.Sprintf("%-9s %s", s.step, word)
			if c.Way != remote.Auto {
				line += ", " + c.Way.String()
			}
			line += ": " + safetext.Clean(c.Text, 300) + " " + safetext.Clean(c.Fix.Text, 400)
			lines = append(lines, strings.TrimRight(line, ": "))
		}
	}
	return strings.Join(append(lines, "in short: "+p.verdict()), "\n")
}
