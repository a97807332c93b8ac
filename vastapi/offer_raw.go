package vastapi

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"vastdeck/vastapi/safetext"
)

// The limits of an offer shown as the server gives it; one has about 3 kB.
const (
	maxRawLines = 2000
	maxRawBytes = 256 << 10
)

// OfferRaw returns one offer as the server gives it now: JSON, one field a line,
// in the server's order, inert. Prices in it are for storage GB of disk and for
// kind ("" = OnDemand, 0 GB = 10). It costs one search. An offer that is not
// listed any more is a KindGone error.
func (c *Client) OfferRaw(ctx context.Context, id OfferID, kind RentalType, storage GB) (*safetext.Lines, error) {
	// The column id has been seen to match nothing.
	q := OfferSearch{Filter: Filter{"ask_contract_id": {"eq": int64(id)}}, Type: kind, Storage: storage, Limit: 8}
	body, _, err := q.body()
	r := &request{
		method: http.MethodPost, path: "/api/v0/bundles/", body: body, route: RouteSearch,
		size: maxAnswer, total: c.limits.Long,
	}
	if err != nil {
		e := c.newError(r, KindRejected)
		e.Message, e.Cause = c.words(err.Error()), err
		return nil, e
	}
	var lines *safetext.Lines
	r.read = func(body []byte) (err error) {
		lines, err = rawOffer(body, id)
		return err
	}
	a, err := c.chain(ctx, r)
	if err != nil {
		return nil, err
	}
	if lines == nil {
		e := c.newError(r, KindGone)
		e.Status, e.Message = a.status, "offer "+id.String()+" is not listed any more"
		return nil, e
	}
	return lines, nil
}

// rawOffer finds the row of offer id in an answer; nil when it holds none.
func rawOffer(body []byte, id OfferID) (*safetext.Lines, error) {
	var (
		lines *safetext.Lines
		d     = newSorter()
	)
	err := readAnswer(body, "offers", func(s *scanner, key []byte) (bool, error) {
		if string(key) != "offers" {
			return false, nil
		}
		return true, d.rows(s, func(s *scanner) error {
			start, o := s.i, Offer{}
			if err := d.offer(s, &o); err != nil {
				return err
			}
			if o.ID == id && lines == nil {
				lines = rawLines(s.b[start:s.i], asItIs)
			}
			return nil
		})
	})
	return lines, err
}

// asItIs is a value as it came.
func asItIs(_ []byte, v value) []byte {
	if v.kind == kindString {
		return append(append([]byte{'"'}, v.raw...), '"')
	}
	return v.raw
}

// rawLines writes an object one field a line, each value as shown writes it. Values
// that are no JSON (NaN) stay as they are.
func rawLines(row []byte, shown func(key []byte, v value) []byte) *safetext.Lines {
	var fields [][]byte
	s := scanner{b: row}
	_ = s.object(func(key []byte) error { // read once already
		v, err := s.value()
		if err != nil {
			return err
		}
		text := shown(key, v)
		var nested bytes.Buffer
		if json.Indent(&nested, text, "  ", "  ") == nil {
			text = nested.Bytes()
		}
		fields = append(fields, append(append(append([]byte(`  "`), key...), `": `...), text...))
		return nil
	})
	lines := safetext.NewLines(maxRawLines, maxRawBytes)
	lines.Add("{\n")
	lines.Add(string(bytes.Join(fields, []byte(",\n"))))
	lines.Add("\n}")
	lines.Flush()
	return lines
}
