package vastapi

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"time"

	"vastdeck/vastapi/safetext"
)

// Charge is what one contract has cost in a span of time (GET /api/v0/charges/).
type Charge struct {
	Start, End  time.Time
	Kind        string     // "instance", "volume", "serverless"; "" = one not known here
	Instance    InstanceID // 0 = it is none
	Volume      VolumeID   // 0 = it is none
	Label       safetext.Text
	Description safetext.Text
	Amount      Amount // USD, with three decimals as told
	Items       []ChargeItem
}

// ChargeItem is a part of a Charge.
type ChargeItem struct {
	Kind        string // "gpu", "disk", "bwd" (traffic to the machine), "bwu" (from it); "" = one not known here
	Description safetext.Text
	Amount      Amount
}

// Invoice is money that came or went in one piece (GET /api/v1/invoices/).
type Invoice struct {
	ID          int64 // 0 = not told
	At          time.Time
	Kind        string // "credit", "transfer", "payout", "refund", "reserved"; "" = one not known here
	Service     safetext.Text
	Description safetext.Text
	Amount      Amount // USD, negative when it was taken
}

// MaxMoneyRows is how many charges or invoices are read at most in one go.
const MaxMoneyRows = 20_000

// moneyPage is how many rows are asked for at once: the most the server gives
// (published description).
const moneyPage = 500

// Charges returns what each contract cost between two moments, the oldest first.
// When a span is longer than a day a row covers all of it: ask day by day for
// charges by day. Cut reports that there was more than MaxMoneyRows.
func (c *Client) Charges(ctx context.Context, from, to time.Time) (list []Charge, cut bool, err error) {
	return moneyRows(ctx, c, RouteCharges, "/api/v0/charges/", spanFilter("day", from, to), (*sorter).charge)
}

// Invoices returns the money that came and went in pieces between two moments, the
// oldest first. Cut reports that there was more than MaxMoneyRows.
func (c *Client) Invoices(ctx context.Context, from, to time.Time) (list []Invoice, cut bool, err error) {
	return moneyRows(ctx, c, RouteInvoices, "/api/v1/invoices/", spanFilter("when", from, to), (*sorter).invoice)
}

func spanFilter(column string, from, to time.Time) Filter {
	return Filter{column: {"gte": from.Unix(), "lte": to.Unix()}}
}

// moneyRows walks all pages of a list of money, from the oldest row on, so that what
// is added meanwhile moves nothing.
func moneyRows[T any](ctx context.Context, c *Client, route Route, path string, f Filter, row func(*sorter, *scanner) (T, error)) (all []T, cut bool, err error) {
	filters, err := json.Marshal(f)
	if err != nil {
		return nil, false, &Error{Kind: KindRejected, Method: "GET", Path: path, Message: "the filter cannot be written", Cause: err}
	}
	q := url.Values{
		"select_filters": {string(filters)}, "latest_first": {"false"}, "limit": {strconv.Itoa(moneyPage)}, "format": {"table"},
	}
	for been := map[token]bool{}; ; {
		var page []T
		var next token
		err := c.get(ctx, route, path, q.Encode(), func(body []byte) (err error) {
			page, next, err = readMoney(body, row)
			return err
		})
		all = append(all, page...)
		switch {
		case err != nil:
			return nil, false, err
		case next == "":
			return all, false, nil
		case len(all) >= MaxMoneyRows:
			return all, true, nil
		case been[next]:
			return nil, false, &Error{Kind: KindServer, Method: "GET", Path: path, Message: "the pages of the list never end"}
		}
		been[next] = true
		q.Set("after_token", string(next))
	}
}

// readMoney reads a page.
func readMoney[T any](body []byte, row func(*sorter, *scanner) (T, error)) (page []T, next token, err error) {
	d := newSorter()
	err = readAnswer(body, "results", func(s *scanner, key []byte) (bool, error) {
		switch string(key) {
		case "results":
			return true, d.rows(s, func(s *scanner) error {
				one, err := row(d, s)
				if err == nil {
					page = append(page, one)
				}
				return err
			})
		case "next_token":
			v, err := s.value()
			if err == nil && v.kind == kindString {
				next = token(v.str())
			}
			return true, err
		}
		return false, nil
	})
	return page, next, err
}

var errNoAmount = errors.New("the row has no amount")

// charge reads one row.
func (d *sorter) charge(s *scanner) (Charge, error) {
	c := Charge{Amount: Unknown[Amount]()}
	err := s.object(func(key []byte) error {
		switch string(key) {
		case "items":
			if s.peek() != '[' {
				return s.skip()
			}
			return s.array(func() error {
				item, err := d.chargeItem(s)
				if err == nil {
					c.Items = append(c.Items, item)
				}
				return err
			})
		case "metadata":
			if s.peek() != '{' {
				return s.skip()
			}
			return s.fields(func(key []byte, v value) error {
				if string(key) == "label" && v.kind == kindString {
					c.Label = d.text(v)
				}
				return nil
			})
		}
		v, err := s.value()
		if err != nil {
			return err
		}
		switch string(key) {
		case "start":
			c.Start = v.moment()
		case "end":
			c.End = v.moment()
		case "type":
			c.Kind = oneOf(v.words(), "instance", "volume", "serverless")
		case "source":
			c.Instance, c.Volume = contractOf(v.words())
		case "description":
			c.Description = d.text(v)
		case "amount":
			c.Amount = v.amount()
		}
		return nil
	})
	if err == nil && !Known(c.Amount) {
		err = errNoAmount
	}
	return c, err
}

func (d *sorter) chargeItem(s *scanner) (ChargeItem, error) {
	i := ChargeItem{Amount: Unknown[Amount]()}
	err := s.fields(func(key []byte, v value) error {
		switch string(key) {
		case "type":
			i.Kind = oneOf(v.words(), "gpu", "disk", "bwd", "bwu")
		case "description":
			i.Description = d.text(v)
		case "amount":
			i.Amount = v.amount()
		}
		return nil
	})
	if err == nil && !Known(i.Amount) {
		i.Amount = 0
	}
	return i, err
}

// invoice reads one row.
func (d *sorter) invoice(s *scanner) (Invoice, error) {
	i := Invoice{Amount: Unknown[Amount]()}
	err := s.object(func(key []byte) error {
		if string(key) == "metadata" && s.peek() == '{' {
			return s.fields(func(key []byte, v value) error {
				switch string(key) {
				case "invoice_id":
					if n, ok := v.id(); ok {
						i.ID = n
					}
				case "service":
					i.Service = d.text(v)
				}
				return nil
			})
		}
		if next := s.peek(); next == '[' || next == '{' {
			return s.skip()
		}
		v, err := s.value()
		if err != nil {
			return err
		}
		switch string(key) {
		case "start":
			i.At = v.moment()
		case "type":
			i.Kind = oneOf(v.words(), "credit", "transfer", "payout", "refund", "reserved")
		case "description":
			i.Description = d.text(v)
		case "amount":
			i.Amount = v.amount()
		}
		return nil
	})
	if err == nil && !Known(i.Amount) {
		err = errNoAmount
	}
	return i, err
}

// oneOf is word when it is one of those that are known, else "".
func oneOf(word string, known ...string) string {
	for _, k := range known {
		if word == k {
			return k
		}
	}
	return ""
}

// contractOf reads "instance-123" and "volume-456".
func contractOf(source string) (InstanceID, VolumeID) {
	kind, number, _ := strings.Cut(source, "-")
	id, err := strconv.ParseInt(number, 10, 64)
	switch {
	case err != nil || id <= 0:
		return 0, 0
	case kind == "instance":
		return InstanceID(id), 0
	case kind == "volume":
		return 0, VolumeID(id)
	}
	return 0, 0
}
