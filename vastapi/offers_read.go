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
		page, err = readOffers(body)
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

// readOffers reads the answer of POST /bundles/ and of PUT /search/asks/, which
// are alike (recorded answers).
func readOffers(body []byte) (OfferPage, error) {
	page, d := OfferPage{}, newSorter()
	seen := map[OfferID]bool{}
	err := readAnswer(body, "offers", func(s *scanner, key []byte) (bool, error) {
		if string(key) != "offers" {
			return false, nil
		}
		page = OfferPage{Offers: make([]Offer, 0, min(len(body)/2000+1, 1000))}
		clear(seen)
		d.bad = 0
		return true, d.rows(s, func(s *scanner) error {
			page.Offers = append(page.Offers, unknownOffer)
			o := &page.Offers[len(page.Offers)-1]
			err := d.offer(s, o)
			if err != nil || seen[o.ID] {
				page.Offers = page.Offers[:len(page.Offers)-1]
			}
			if err == nil {
				page.Rows++
				seen[o.ID] = true
			}
			return err
		})
	})
	if err != nil {
		return OfferPage{}, err
	}
	page.Bad = d.bad
	page.Rows += d.bad
	return page, nil
}
