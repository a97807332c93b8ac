package vastapi

import (
	"context"
	"time"
)

// PriceIncrease is a higher price that the host of a running contract asks for
// (GET /api/v0/instances/pending-price-increases/). What the answer leaves out is
// NaN. The server's prices per second are given per hour and per month here.
type PriceIncrease struct {
	ID       PriceIncreaseID
	Instance InstanceID
	Host     HostID

	OldGPU, NewGPU   Rate       // the GPU part, $/h
	OldDisk, NewDisk PerGBMonth // $ per GB and month
	OldUp, NewUp     PerGB
	OldDown, NewDown PerGB

	ContractEnd time.Time // when the contract ends, zero = unknown
	AskEnd      time.Time // when the host's offer ends, zero = unknown
	Created     time.Time // when it was asked for, zero = unknown
}

// PriceIncreases are the increases that wait for an answer.
type PriceIncreases struct {
	List      []PriceIncrease
	Truncated bool // the server has more than it told
	Bad       int  // rows that could not be read, counted and left out
}

// secondsPerMonth is the marketplace's month of 720 hours.
const secondsPerMonth = 720 * 3600

// PriceIncreases returns the price increases that wait for an answer.
func (c *Client) PriceIncreases(ctx context.Context) (PriceIncreases, error) {
	var all PriceIncreases
	err := c.get(ctx, RouteIncreases, "/api/v0/instances/pending-price-increases/", "", func(body []byte) (err error) {
		all, err = readIncreases(body)
		return err
	})
	if err != nil {
		return PriceIncreases{}, err
	}
	return all, nil
}

func readIncreases(body []byte) (PriceIncreases, error) {
	const rows = "pending_price_increases"
	all, d := PriceIncreases{List: []PriceIncrease{}}, newSorter()
	err := readAnswer(body, rows, func(s *scanner, key []byte) (bool, error) {
		switch string(key) {
		case rows:
			return true, d.rows(s, func(s *scanner) error {
				p, err := readIncrease(s)
				if err == nil {
					all.List = append(all.List, p)
				}
				return err
			})
		case "truncated":
			v, err := s.value()
			all.Truncated = v.flag().Yes()
			return true, err
		}
		return false, nil
	})
	if err != nil {
		return PriceIncreases{}, err
	}
	all.Bad = d.bad
	return all, nil
}

func readIncrease(s *scanner) (PriceIncrease, error) {
	p := PriceIncrease{
		OldGPU: Unknown[Rate](), NewGPU: Unknown[Rate](), OldDisk: Unknown[PerGBMonth](), NewDisk: Unknown[PerGBMonth](),
		OldUp: Unknown[PerGB](), NewUp: Unknown[PerGB](), OldDown: Unknown[PerGB](), NewDown: Unknown[PerGB](),
	}
	err := s.fields(func(key []byte, v value) error {
		switch string(key) {
		case "pending_price_increase_id":
			if n, ok := v.id(); ok {
				p.ID = PriceIncreaseID(n)
			}
		case "contract_id":
			if n, ok := v.id(); ok {
				p.Instance = InstanceID(n)
			}
		case "host_id":
			if n, ok := v.id(); ok {
				p.Host = HostID(n)
			}
		case "contract_end_date":
			p.ContractEnd = v.when()
		case "ask_end_date":
			p.AskEnd = v.when()
		case "created_at":
			p.Created = v.when()
		default:
			p.price(string(key), v)
		}
		return nil
	})
	if err == nil && (p.ID <= 0 || p.Instance <= 0) {
		err = errNoID
	}
	return p, err
}

// price takes the fields about money.
func (p *PriceIncrease) price(key string, v value) {
	switch key {
	case "old_gpu_costpersec":
		p.OldGPU = v.scaled(3600)
	case "new_gpu_costpersec":
		p.NewGPU = v.scaled(3600)
	case "old_disk_ram_costpersec":
		p.OldDisk = PerGBMonth(v.scaled(secondsPerMonth))
	case "new_disk_ram_costpersec":
		p.NewDisk = PerGBMonth(v.scaled(secondsPerMonth))
	case "old_bwu_cost":
		p.OldUp = PerGB(v.rate())
	case "new_bwu_cost":
		p.NewUp = PerGB(v.rate())
	case "old_bwd_cost":
		p.OldDown = PerGB(v.rate())
	case "new_bwd_cost":
		p.NewDown = PerGB(v.rate())
	}
}

// scaled is a price per second times the given number of seconds.
func (v value) scaled(seconds float64) Rate {
	f := v.num() * seconds
	if !(f >= 0 && f <= maxRate) {
		return Unknown[Rate]()
	}
	return Rate(f)
}
