package costs

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/theme"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/figure"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/pane"
	"vastdeck/vastapi"
)

// spans are how far back invoices are asked for, in days.
var spans = []int{90, 365, 7, 30}

// invoicesPage lists the money that came and went in pieces.
type invoicesPage struct {
	list   list
	span   int // index of spans
	detail bool
	split  pane.Split // as drawn last
}

// Click moves the cursor to the line that was clicked; on the one that it was on it shows the detail, as enter does.
func (p *invoicesPage) Click(_ view.Env, x, y int) (enter bool) {
	if part, _, _ := p.split.At(x, y-1); part != pane.List {
		return false
	}
	return p.list.click(y)
}

// openInvoices shows the page and asks for what it is about.
func (m *Model) openInvoices(env view.Env) view.Effect {
	p := &invoicesPage{}
	m.page = p
	return p.load(env)
}

// load asks for the invoices of the span that is chosen.
func (p *invoicesPage) load(env view.Env) view.Effect {
	return view.Wait(env.Load.LoadInvoices(env.Now.AddDate(0, 0, -spans[p.span])))
}

func (p *invoicesPage) capturing() bool                           { return false }
func (p *invoicesPage) key(*Model, view.Env, tea.Msg) view.Effect { return view.Effect{} }

func (p *invoicesPage) back(*Model, view.Env) (view.Effect, bool) {
	if p.detail {
		p.detail = false
		return view.Effect{}, false
	}
	return view.Effect{}, true
}

func (p *invoicesPage) actions(m *Model, env view.Env) []view.Action {
	rows := p.rows(env)
	none := ""
	if len(rows) == 0 {
		none = "there is no invoice"
	}
	next := spans[(p.span+1)%len(spans)]
	list := []view.Action{
		act("enter", "detail", none, func() view.Effect { p.detail = !p.detail; return view.Effect{} }),
		act("d", fmt.Sprintf("the last %d days", next), "", func() view.Effect {
			p.span, p.list.at = (p.span+1)%len(spans), 0
			return p.load(env)
		}),
		act("y", "copy…", none, func() view.Effect { return m.show(newInvoiceMenu(p, rows[min(p.list.at, len(rows)-1)], rows)) }),
		quiet("C", "copy the request", "", func() view.Effect {
			return view.Do(view.Copy{Text: "vastai show invoices-v1 -i --start-date " + env.Now.UTC().AddDate(0, 0, -spans[p.span]).Format(time.DateOnly), What: "the request"})
		}),
	}
	return append(list, p.list.moves(func() int { return len(p.rows(env)) })...)
}

// rows are the invoices of the span that is chosen, the newest first.
func (p *invoicesPage) rows(env view.Env) []vastapi.Invoice {
	from := env.Now.AddDate(0, 0, -spans[p.span])
	list := env.Data.Invoices.Value.List
	for n := range list {
		if list[n].At.Before(from) {
			return list[:n]
		}
	}
	return list
}

func invoiceCells(i vastapi.Invoice) []string {
	id := ""
	if i.ID != 0 {
		id = fmt.Sprint(i.ID)
	}
	return []string{i.At.UTC().Format("2006-01-02 15:04"), figure.Text(i.Kind), fmt.Sprintf("%.2f", float64(i.Amount)), id, i.Service.String(), i.Description.String()}
}

func (p *invoicesPage) draw(_ *Model, env view.Env, w, h int) (string, *tea.Cursor) {
	th, f := env.Theme, env.Data.Invoices
	rows := p.rows(env)
	var in, out vastapi.Amount
	for _, i := range rows {
		if i.Amount > 0 {
			in += i.Amount
		} else {
			out += i.Amount
		}
	}
	head := []string{
		fmt.Sprintf("Invoices of the last %d days (times in UTC)", spans[p.span]), figure.Plural(len(rows), "row"), figure.Amount(float64(in)) + " came", figure.Amount(float64(-out)) + " went",
	}
	if len(rows) == 0 && (f.Err != nil || !f.Told()) {
		return whyNot(th, " "+fit.Cut(head[0], w-1), f.Err, "esc, then I, asks again.", w, h), nil
	}
	switch {
	case f.Err != nil:
		head = []string{"Invoices, " + since(f.At, env.Now) + ": " + view.Sentence(f.Err)}
	case f.Value.Cut:
		head = append(head, "there are more than are read in one go")
	default:
		head = append(head, since(f.At, env.Now))
	}
	top := th.Ink(theme.Strong).Paint(fit.Line(" "+fit.Parts(w-1, " · ", head...), w))
	p.split = pane.Split{}
	if h < 3 || len(rows) == 0 {
		if h < 3 {
			return fit.Block([]string{top}, w, h), nil
		}
		return top + "\n" + pane.Notes(th, w, h-1, pane.Note{Class: theme.Dim, Text: "There is none in these days: d asks for others."}), nil
	}
	split := pane.Of(w, h-1, p.detail, view.Wide)
	p.split = split
	row := func(n int) line {
		i := rows[n]
		c := invoiceCells(i)
		return line{text: fit.Line(c[0], 17) + fit.Line(c[1], 10) + fit.Right(figure.Amount(float64(i.Amount)), 12) + "  " + fit.Line(c[3], 10) + c[4] + "  " + c[5]}
	}
	body := fit.Block(p.list.draw(th, len(rows), row, 1, split.ListW, split.ListH), split.ListW, split.ListH)
	detail := ""
	if split.DetailW > 0 && split.DetailH > 0 {
		i := rows[min(p.list.at, len(rows)-1)]
		c := invoiceCells(i)
		detail = pane.Facts(th, "Invoice "+figure.Text(c[3]), []pane.Fact{
			{Label: "when", Value: c[0] + " UTC"}, {Label: "kind", Value: c[1]}, {Label: "amount", Value: figure.Amount(float64(i.Amount)), Class: theme.Money},
			{Label: "service", Value: figure.Text(c[4])}, {Label: "text", Value: figure.Text(c[5])},
		}, 0, split.DetailW, split.DetailH)
	}
	return top + "\n" + pane.Join(th, split, body, detail), nil
}
