package bids

import (
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/copying"
	"vastdeck/tui/listing"
	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/vastapi"
	"vastdeck/vastapi/pricing"
)

// newCopyMenu lists what can be copied of bids: of one all that can be copied of its instance, of several what they
// have in common, one a line.
func newCopyMenu(m *Model, ids []vastapi.InstanceID) *menu {
	title, gone := "Copy of "+figure.Count(len(ids))+" bids", "the bids are gone"
	if len(ids) == 1 {
		title, gone = "Copy of bid "+ids[0].String(), "the bid is gone"
	}
	return &menu{copying.Menu(title, gone, func(env view.Env) *copying.Lines {
		var rows []*row
		for _, id := range ids {
			if r, there := m.table.Get(id); there {
				rows = append(rows, r)
			}
		}
		switch {
		case len(rows) == 0:
			return nil
		case len(ids) == 1:
			return copies(env, rows[0])
		default:
			return copiesOf(env, rows)
		}
	})}
}

// copies are what can be copied of one bid.
func copies(env view.Env, r *row) *copying.Lines {
	l := &copying.Lines{}
	l.Instance(env, r.Instance)
	l.Need("b", "bid", typedText(r.DphBase), "the bid, in $/h", "it is not told")
	l.Add("v", "vastai line", officialLine(r), "the line")
	l.Add("r", "row", rowText(env, r), "the row")
	l.Make("t", "row as TSV", "for a spreadsheet, under the names of the columns", "the row as TSV", func() string { return sheetOf(env, []*row{r}).TSV() })
	return l
}

// copiesOf are what can be copied of several bids.
func copiesOf(env view.Env, rows []*row) *copying.Lines {
	list := make([]*vastapi.Instance, len(rows))
	for n, r := range rows {
		list[n] = r.Instance
	}
	l := &copying.Lines{}
	l.Instances(list)
	copying.Each(l, "v", "vastai lines", "the lines", "", rows, officialLine)
	copying.Each(l, "r", "rows", "the rows", "", rows, func(r *row) string { return rowText(env, r) })
	l.Make("t", "rows as TSV", figure.Count(len(rows))+" rows for a spreadsheet, under the names of the columns", "the rows as TSV", func() string { return sheetOf(env, rows).TSV() })
	return l
}

// rowText is a bid as one line of text.
func rowText(env view.Env, r *row) string {
	return strings.Join([]string{
		r.ID.String(), figure.Text(r.name), r.word(env.Now), "bid " + figure.Rate(float64(r.DphBase)), "to hold " + pricing.ShownEnough(r.MinBid),
		strconv.Itoa(r.NumGPUs) + "× " + figure.Text(r.GPUName.String()), "machine " + r.MachineID.String(), figure.Text(place(r)),
	}, " · ")
}

// sheetOf is a row for each bid. Rates are in USD an hour.
func sheetOf(env view.Env, rows []*row) copying.Sheet {
	s := copying.Sheet{Columns: []string{"id", "name", "status", "gpus", "gpu", "bid", "to_hold", "on_demand", "machine", "region"}}
	for _, r := range rows {
		s.Rows = append(s.Rows, []any{
			int64(r.ID), r.name, r.word(env.Now), int64(r.NumGPUs), r.GPUName.String(), float64(r.DphBase), float64(r.MinBid), float64(r.price.Rate),
			int64(r.MachineID), place(r),
		})
	}
	return s
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
