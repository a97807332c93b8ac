package main

import (
	"context"

	"github.com/spf13/cobra"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

func (a *app) bidCommand() *cobra.Command {
	f := rentFlags{bids: true}
	c := &cobra.Command{
		Use:   "bid [OFFER] --price $/H --image IMAGE",
		Short: "Bid for an offer or a machine; change a bid with `bid change`",
		Long: "bid rents an interruptible instance: it runs while the bid is the highest, and is stopped when it\n" +
			"is not. The price is for the whole offer by the hour, without its disk. It is never rented on\n" +
			"demand instead. With --machine the cheapest offer of the machine that the bid wins is taken.\n" + otherNames,
		Example: "vastdeck bid 30000123 --price 0.50 --image pytorch/pytorch:latest\n" +
			"vastdeck bid --machine 789012 --price 0.50 --image pytorch/pytorch:latest --name gpu-bid-01\n" +
			"vastdeck bid change 21480311 --price 0.62",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error { return a.rent(c, &f, args) },
	}
	c.Flags().Float64Var(&f.price, "price", 0, "what is bid, `$/H` for the whole offer; needed")
	f.add(a, c)
	alias(c, "price", "bid_price", "bid-price")
	c.AddCommand(a.bidChangeCommand())
	return c
}

func (a *app) bidChangeCommand() *cobra.Command {
	var f changeFlags
	var price float64
	c := &cobra.Command{
		Use:   "change INSTANCE --price $/H",
		Short: "Bid another price for an instance that is interruptible",
		Long: "change bids another price for an interruptible instance, named by its id or its name. A bid above\n" +
			"the price to beat lets one that was outbid run again.",
		Example: "vastdeck bid change 21480311 --price 0.62",
		Args:    cobra.ExactArgs(1), ValidArgsFunction: a.completeInstances,
		RunE: func(c *cobra.Command, args []string) error {
			if !(price > 0) {
				return a.done(usagef("say what is bid, in $ per hour for the whole instance: --price 0.62"))
			}
			return a.change(c, &f, func(_ context.Context, e *errand) ([]rental.Plan, error) {
				targets, err := findAmong(e.desk.Instances, args)
				if err != nil {
					return nil, err
				}
				p, err := rental.PlanBid(targets[0], vastapi.Rate(price), e.desk)
				return []rental.Plan{p}, err
			}, nil)
		},
	}
	c.Flags().Float64Var(&price, "price", 0, "what is bid, `$/H` for the whole instance; needed")
	f.add(c)
	return c
}
