package vastsim

import (
	"fmt"
	"math"
	"slices"
)

// An increase is a higher price that the host of a contract asks for and that has
// not been answered.
type increase struct {
	id               int64
	in               *instance
	newGPU, newDisk  float64 // $/h for all cards, $/GB/month
	created, askEnds float64 // epoch seconds
}

// increaseRow is one pending increase, key for key; costs of GPU and disk are per
// second.
type increaseRow struct {
	ID          int64    `json:"pending_price_increase_id"`
	Contract    int64    `json:"contract_id"`
	Host        int64    `json:"host_id"`
	NewGPU      float64  `json:"new_gpu_costpersec"`
	OldGPU      float64  `json:"old_gpu_costpersec"`
	NewDisk     float64  `json:"new_disk_ram_costpersec"`
	OldDisk     float64  `json:"old_disk_ram_costpersec"`
	NewUp       float64  `json:"new_bwu_cost"`
	OldUp       float64  `json:"old_bwu_cost"`
	NewDown     float64  `json:"new_bwd_cost"`
	OldDown     float64  `json:"old_bwd_cost"`
	NewFee      *float64 `json:"new_platform_fee"`
	OldFee      *float64 `json:"old_platform_fee"`
	ContractEnd float64  `json:"contract_end_date"`
	AskEnd      float64  `json:"ask_end_date"`
	Created     float64  `json:"created_at"`
}

const monthSeconds = monthHours * 3600

// RaisePrice has the host of an instance on demand ask for factor times its price,
// of GPU and disk, and returns the id of the pending increase; 0 when
// there is no such instance. One that is pending already is replaced.
func (w *World) RaisePrice(id int64, factor float64) int64 {
	made := int64(0)
	w.change(id, func(in *instance) {
		if !in.bid {
			made = w.raise(in, factor)
		}
	})
	return made
}

func (w *World) raise(in *instance, factor float64) int64 {
	w.forgetIncreases(in)
	w.serial++
	id := 310_000 + int64(w.serial)
	w.increases = append(w.increases, &increase{
		id: id, in: in, newGPU: in.gpuRate * factor, newDisk: in.storage * factor,
		created: w.epochSeconds(w.clock), askEnds: w.epochSeconds(in.m.end),
	})
	return id
}

// forgetIncreases takes back what is pending for in.
func (w *World) forgetIncreases(in *instance) {
	w.increases = slices.DeleteFunc(w.increases, func(p *increase) bool { return p.in == in })
}

// priceIncreases is GET /instances/pending-price-increases/.
func (w *World) priceIncreases(*request) answer {
	rows := []increaseRow{}
	for _, p := range w.increases {
		in := p.in
		rows = append(rows, increaseRow{
			ID: p.id, Contract: in.id, Host: in.m.host.id,
			NewGPU: p.newGPU / 3600, OldGPU: in.gpuRate / 3600,
			NewDisk: p.newDisk / monthSeconds, OldDisk: in.storage / monthSeconds,
			NewUp: in.ledger.upCost, OldUp: in.ledger.upCost, NewDown: in.ledger.downCost, OldDown: in.ledger.downCost,
			ContractEnd: math.Floor(w.epochSeconds(in.end())), AskEnd: math.Floor(p.askEnds), Created: math.Floor(p.created),
		})
	}
	return ok(map[string]any{"count": len(rows), "truncated": false, "pending_price_increases": rows})
}

// answerIncrease is accept and reject; exactly one key is allowed.
func answerIncrease(accept bool) func(*World, *request) answer {
	return func(w *World, q *request) answer {
		id, given := q.body.num("pending_price_increase_id")
		if !given || len(q.body) != 1 {
			return fail(400, "invalid_args", "exactly pending_price_increase_id is expected")
		}
		at := slices.IndexFunc(w.increases, func(p *increase) bool { return p.id == int64(id) })
		if at < 0 {
			return fail(404, "no_pending_price_increase", fmt.Sprintf("There is no pending price increase %d.", int64(id)))
		}
		p := w.increases[at]
		w.increases = slices.Delete(w.increases, at, at+1)
		if accept {
			p.in.gpuRate, p.in.storage = p.newGPU, p.newDisk
			w.settle(p.in)
		}
		return ok(map[string]any{"contract_id": p.in.id})
	}
}
