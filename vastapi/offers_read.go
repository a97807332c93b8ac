package vastapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
)

const (
	defaultStorage GB = 10
	defaultLimit      = 1000
)

// SearchOffers asks the market. An empty page means that the server sent an
// empty list; every other failure to tell is an error. Rows listed twice are
// given once, rows that cannot be read are counted in Bad.
func (c *Client) SearchOffers(ctx context.Context, q OfferSearch) (OfferPage, error) {
	body, asked, err := q.body()
	r := &request{
		method: http.MethodPost, path: "/api/v0/bundles/", body: body, route: RouteSearch,
		size: maxOffers, total: c.limits.Long,
	}
	if err != nil {
		e := c.newError(r, KindRejected)
		e.Message, e.Cause = c.words(err.Error()), err
		return OfferPage{}, e
	}
	page := OfferPage{}
	r.read = func(body []byte) (err error) {
		page, err = readOffers(body, c.texts, asked)
		return err
	}
	if _, err := c.chain(ctx, r); err != nil {
		return OfferPage{}, err
	}
	page.Asked = asked
	return page, nil
}

// controls are the keys that stand beside the columns of a filter.
var controls = []string{"order", "type", "allocated_storage", "limit"}

// body is the flat object the search takes: columns mixed with control keys. The
// type is always sent, the limit too (without one the server answers 64 rows),
// and so is the disk size, since the server assumes another than the official
// client does and prices depend on it.
func (q OfferSearch) body() ([]byte, int, error) {
	flat := make(map[string]any, len(q.Filter)+len(controls))
	for column, ops := range q.Filter {
		if slices.Contains(controls, column) {
			return nil, 0, fmt.Errorf("%s is not a column to filter by", quoted(column))
		}
		flat[column] = ops
	}
	if math.IsNaN(float64(q.Storage)) || q.Storage < 0 || q.Limit < 0 {
		return nil, 0, errors.New("the disk size and the limit of a search must be positive")
	}
	order, kind, storage, limit := q.Order, q.Type, q.Storage, q.Limit
	if len(order) == 0 {
		order = [][2]string{{"score", "desc"}}
	}
	if kind == "" {
		kind = OnDemand
	}
	if storage == 0 {
		storage = defaultStorage
	}
	if limit == 0 {
		limit = defaultLimit
	}
	flat["order"], flat["type"], flat["allocated_storage"], flat["limit"] = order, kind, storage, limit
	body, err := json.Marshal(flat)
	if err != nil {
		return nil, 0, fmt.Errorf("writing the filter: %w", err)
	}
	return body, limit, nil
}

// leastRow is a length few rows of an answer fall below; recorded ones have
// 1,800 bytes and more.
const leastRow = 600

// readOffers reads the answer of POST /bundles/ and of PUT /search/asks/, which
// are alike (recorded answers). The page takes no more room than its offers
// need: many pages are held for long.
func readOffers(body []byte, kept *texts, asked int) (OfferPage, error) {
	page, d, cut := OfferPage{}, &sorter{texts: kept}, false
	room := max(min(len(body)/leastRow+1, asked), 1)
	seen := make(map[OfferID]struct{}, room)
	err := readAnswer(body, "offers", func(s *scanner, key []byte) (bool, error) {
		switch string(key) {
		case "truncated":
			v, err := s.value()
			cut = v.flag().Yes() || v.num() > 1 // should it be told how many are missing
			return true, err
		case "offers":
		default:
			return false, nil
		}
		page = OfferPage{Offers: make([]Offer, 0, room)}
		clear(seen)
		d.bad = 0
		return true, d.rows(s, func(s *scanner) error {
			page.Offers = append(page.Offers, unknownOffer)
			o := &page.Offers[len(page.Offers)-1]
			err := d.offer(s, o)
			_, twice := seen[o.ID]
			if err != nil || twice {
				page.Offers = page.Offers[:len(page.Offers)-1]
			}
			if err == nil {
				page.Rows++
				seen[o.ID] = struct{}{}
			}
			return err
		})
	})
	if err != nil {
		return OfferPage{}, err
	}
	page.Offers = fitted(page.Offers)
	page.Bad, page.Truncated = d.bad, cut
	page.Rows += d.bad
	return page, nil
}

// fitted gives back room that a page does not use.
func fitted(offers []Offer) []Offer {
	if cap(offers)-len(offers) <= len(offers)/64 {
		return offers
	}
	return append(make([]Offer, 0, len(offers)), offers...)
}
