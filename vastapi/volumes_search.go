package vastapi

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
)

// SearchVolumes asks for places where a volume can be made (POST
// /api/v0/volumes/search/). A row is an Offer of which only what belongs to the
// machine and its disk is told: ID is what a CreateVolume takes, DiskSpace what is
// free, StorageCost its price, StorageTotal that of q.Storage. A search has no Type.
func (c *Client) SearchVolumes(ctx context.Context, q OfferSearch) (OfferPage, error) {
	body, asked, err := q.volumeBody()
	r := &request{
		method: http.MethodPost, path: "/api/v0/volumes/search/", body: body, route: RouteSearchVolumes,
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

// volumeBody is the flat object that the search takes. The server assumes another
// size and another limit than anybody would guess, so both are always sent.
func (q OfferSearch) volumeBody() ([]byte, int, error) {
	flat := make(map[string]any, len(q.Filter)+len(controls))
	for column, ops := range q.Filter {
		if slices.Contains(controls, column) {
			return nil, 0, fmt.Errorf("%s is not a column to filter by", quoted(column))
		}
		flat[column] = ops
	}
	if math.IsNaN(float64(q.Storage)) || q.Storage < 0 || q.Limit < 0 || q.Type != "" {
		return nil, 0, fmt.Errorf("the size and the limit of a search must be positive, and volumes have no type of rental")
	}
	order, storage, limit := q.Order, q.Storage, q.Limit
	if len(order) == 0 {
		order = [][2]string{{"storage_cost", "asc"}}
	}
	if storage == 0 {
		storage = 1
	}
	if limit == 0 {
		limit = defaultLimit
	}
	flat["order"], flat["allocated_storage"], flat["limit"] = order, storage, limit
	body, err := json.Marshal(flat)
	if err != nil {
		return nil, 0, fmt.Errorf("writing the filter: %w", err)
	}
	return body, limit, nil
}
