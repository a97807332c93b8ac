package tui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/dialog"
	"vastdeck/tui/view"
)

// update takes a message through the five stages: the frame around the
// program, answers, ticks, input, and news for every view.
func (m *Model) update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg, tea.FocusMsg, tea.BlurMsg, tea.BackgroundColorMsg, tea.ResumeMsg:
		return m, m.onFrame(msg)
	case command.TextEdited:
		return m, m.onEdited(msg)
	case command.Answered:
		return m, m.onAnswer(msg)
	case command.News:
		return m, m.onNews(msg)
	case command.PlanProgressed:
		return m, m.onProgress(msg)
	case command.Settled:
		return m, m.settled(msg)
	case command.Beat:
		m.toasts.Expire(msg.At)
		m.sumUp(msg.At)
		return m, tea.Batch(command.Heartbeat(time.Second), m.tell(msg), m.cmd.ExpireOffers(&m.data, msg.At), m.pollIncreases(msg.At), m.pollSome(), m.cmd.KeepHistory(&m.data, msg.At, m.active == view.Market))
	case command.TextCopied:
		return m, m.onCopied(msg)
	case command.MemorySaved:
		m.onSaved(msg.Err)
		return m, nil
	case view.Switch:
		return m, m.onSwitch(msg)
	case command.ProfileOpened[Deps]:
		return m, m.opened(msg)
	case command.Retired:
		m.retired(msg)
		return m, nil
	case command.Due:
		return m, m.onDue(msg)
	case Quit:
		return m, tea.Quit
	case tea.KeyPressMsg, tea.PasteMsg:
		return m, m.onInput(msg)
	case tea.MouseMsg:
		return m, m.onMouse(msg)
	}
	return m, m.tell(msg)
}

// onEdited puts what came out of the editor into the form it was for.
func (m *Model) onEdited(e command.TextEdited) tea.Cmd {
	switch f := m.form(e.Form); {
	case f == nil:
	case e.Err != nil:
		f.Fail(e.Err.Error())
	default:
		f.Fill(view.Values{e.Key: e.Text})
	}
	return nil
}

// Quit asks the program to end, e.g. because a signal did.
type Quit struct{}

func (m *Model) onFrame(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		small := m.tooSmall()
		m.size = view.Size{W: msg.Width, H: msg.Height}
		if small && !m.tooSmall() {
			m.askAgain()
		}
	case tea.BackgroundColorMsg:
		return m.onBackground(msg)
	case tea.BlurMsg:
		m.focused, m.reports = false, true
	case tea.FocusMsg, tea.ResumeMsg:
		// Whoever comes back wants to see what is true now.
		if _, told := msg.(tea.FocusMsg); told {
			m.reports = true
		}
		m.focused = true
		if m.session.phase == ready {
			return m.lookAgain()
		}
	}
	return nil
}

// tell lets every view hear msg.
func (m *Model) tell(msg tea.Msg) tea.Cmd {
	var cmds []tea.Cmd
	for _, t := range m.views {
		if c := m.apply(t.view.Update(m.env(), msg), false); c != nil {
			cmds = append(cmds, c)
		}
	}
	if c := m.apply(m.login.Update(m.env(), msg), false); c != nil {
		cmds = append(cmds, c)
	}
	return tea.Batch(cmds...)
}

// askAgain makes every open question ask anew, after it could not be seen.
func (m *Model) askAgain() {
	m.stack.Each(func(d dialog.Dialog) {
		if c, ok := d.(*dialog.Confirm); ok {
			c.Again(time.Now())
		}
	})
}
