package bids

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// newCopyMenu lists what can be copied of a bid.
func newCopyMenu(m *Model, id vastapi.InstanceID) *menu {
	return &menu{listing.Menu{Title: "Copy of bid " + id.String(), Verb: "copy it", Empty: "the bid is gone", Keyed: true, List: func(env view.Env) []listing.Choice {
		r, there := m.table.Get(id)
		if !there {
			return nil
		}
		return copies(env, r)
	}}}
}

// copies are what can be copied, as far as there is something to copy.
func copies(env view.Env, r *row) []listing.Choice {
	var list []listing.Choice
	add := func(key, label, text, what string) {
		if text == "" {
			return
		}
		list = append(list, listing.Choice{Key: key, Label: label, Detail: text, Do: func() view.Effect {
			return view.Do(view.Copy{Text: text, What: what})
		}})
	}
	add("i", "id", r.ID.String(), "the instance's id")
	add("n", "name", r.name, "the instance's name")
	add("a", "IP", strings.TrimSpace(r.PublicIP.String()), "the address of its machine")
	t := remote.TargetOf(r.Instance)
	for _, e := range []struct {
		key string
		at  remote.Endpoint
	}{{"d", t.Direct}, {"p", t.Proxy}} {
		if e.at.Given() {
			add(e.key, "ssh, "+e.at.Way.String(), "ssh -p "+strconv.Itoa(e.at.Port)+" root@"+e.at.Host, "the ssh command")
		}
	}
	add("m", "machine", r.MachineID.String(), "the machine's id")
	add("v", "vastai line", officialLine(r), "the line")
	add("r", "row", rowText(env, r), "the row")
	return list
}

// rowText is a bid as one line of text.
func rowText(env view.Env, r *row) string {
	return strings.Join([]string{
		r.ID.String(), figure.Text(r.name), r.word(env.Now), "bid " + figure.Rate(float64(r.DphBase)), "to hold " + figure.Rate(float64(r.MinBid)),
		strconv.Itoa(r.NumGPUs) + "× " + figure.Text(r.GPUName.String()), "machine " + r.MachineID.String(), figure.Text(place(r)),
	}, " · ")
}

// rawPage is the instance of a bid in the server's own words.
type rawPage struct {
	listing.Raw
	id vastapi.InstanceID
}

// openRaw asks for an instance as the server gives it now, and shows that.
func (m *Model) openRaw(env view.Env, id vastapi.InstanceID) view.Effect {
	ask := env.Load.LoadInstanceRaw(id)
	m.show(&rawPage{listing.NewRaw("Instance "+id.String(), "the instance as JSON", ask != nil, env.Theme), id})
	return view.Wait(ask)
}

// rawRead shows the server's own words, or says why they are not to be had.
func (m *Model) rawRead(msg command.InstanceRawRead) {
	if p, ok := m.page.(*rawPage); ok && p.id == msg.Instance {
		p.Answer(msg.Lines, msg.Err, "; secrets are masked")
	}
}

func (p *rawPage) capturing() bool { return p.Capturing() }
func (p *rawPage) back() bool      { return p.Back() }

func (p *rawPage) key(_ *Model, _ view.Env, msg tea.Msg) view.Effect {
	p.Update(msg)
	return view.Effect{}
}

func (p *rawPage) actions(*Model, view.Env) []view.Action { return []view.Action{p.Copy(section)} }

func (p *rawPage) draw(_ view.Env, w, h int) (string, *tea.Cursor) { return p.Draw(w, h), p.Cursor() }

// retheme draws an open page with another theme.
func (m *Model) retheme(th *theme.Theme) {
	m.table.SetTheme(th)
	m.query.SetTheme(th)
	if p, ok := m.page.(interface{ SetTheme(*theme.Theme) }); ok {
		p.SetTheme(th)
	}
}
