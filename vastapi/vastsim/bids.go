package vastsim

import (
	"fmt"
	"strconv"
)

// changeBid is PUT /instances/bid_price/{id}/. The price is for the whole
// instance per hour; null lets the server choose one that wins.
func (w *World) changeBid(q *request) answer {
	in, found := w.target(q)
	if !found {
		return noInstance("no_such_instance")
	}
	if !in.bid {
		return fail(400, "invalid_args", "Only interruptible instances have a bid price.")
	}
	price, given := q.body["price"].(float64)
	if q.body["price"] == nil {
		price, given = round(w.floorOf(in)*1.02+0.0005, 4), true
	}
	if s, isText := q.body["price"].(string); isText {
		n, err := strconv.ParseFloat(s, 64)
		price, given = n, err == nil
	}
	if !given || price < 0.001 {
		return fail(400, "invalid_args", "Please set a bid price >= 0.001.")
	}
	if most := 32 * float64(in.gpus); price > most {
		return fail(400, "invalid_args", fmt.Sprintf("Please set a bid price <= %g.", most))
	}
	in.price = price
	w.wake(in)
	return ok(nil)
}
