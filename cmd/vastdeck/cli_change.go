package main

import (
	"context"

	"github.com/spf13/cobra"

	"vastdeck/vastapi"
	"vastdeck/vastapi/rental"
)

// The verbs that change instances which exist, but for destroy: start, stop, reboot, label.

// lifecycleVerb is a verb that takes any number of instances.
type lifecycleVerb struct {
	use, short, long, example string
	plan                      func([]vastapi.Instance, rental.Desk) (rental.Plan, error)
}

func (a *app) lifecycleCommand(v lifecycleVerb) *cobra.Command {
	var f changeFlags
	c := &cobra.Command{
		Use: v.use, Short: v.short, Long: v.long, Example: v.example, Args: cobra.MinimumNArgs(1), ValidArgsFunction: a.completeInstances,
		RunE: func(c *cobra.Command, args []string) error {
			return a.change(c, &f, func(_ context.Context, e *errand) ([]rental.Plan, error) {
				targets, err := findAmong(e.desk.Instances, args)
				if err != nil {
					return nil, err
				}
				p, err := v.plan(targets, e.desk)
				return []rental.Plan{p}, err
			}, nil)
		},
	}
	f.add(c)
	return c
}

func (a *app) startCommand() *cobra.Command {
	return a.lifecycleCommand(lifecycleVerb{
		use: "start INSTANCE…", short: "Start stopped instances", plan: rental.PlanStart,
		long: "start has stopped instances run again, each named by its id or its name. Their GPUs are billed\n" +
			"again. One whose GPU somebody else has meanwhile starts when it is free; `vastdeck stop` cancels that.",
		example: "vastdeck start 21480311\nvastdeck start trainer --yes",
	})
}

func (a *app) stopCommand() *cobra.Command {
	return a.lifecycleCommand(lifecycleVerb{
		use: "stop INSTANCE…", short: "Stop instances; their disks stay and are billed", plan: rental.PlanStop,
		long: "stop ends what runs in instances, each named by its id or its name. Their disks stay and are\n" +
			"billed; their GPUs are not, and may be taken by somebody else.",
		example: "vastdeck stop 21480311 21480312\nvastdeck stop trainer --dry-run",
	})
}

func (a *app) rebootCommand() *cobra.Command {
	return a.lifecycleCommand(lifecycleVerb{
		use: "reboot INSTANCE…", short: "Restart the containers of instances", plan: rental.PlanReboot,
		long:    "reboot restarts the containers of running instances, each named by its id or its name. They keep\ntheir GPUs and their disks.",
		example: "vastdeck reboot trainer",
	})
}

func (a *app) labelCommand() *cobra.Command {
	var f changeFlags
	var first int
	c := &cobra.Command{
		Use:   "label INSTANCE… NAME",
		Short: "Name instances",
		Long: "label gives an instance a name; an empty one (\"\") takes it away. Several instances are numbered:\n" +
			"train-1, train-2 and so on. Nothing that it costs changes, so nobody is asked on a terminal; without\n" +
			"one it needs --yes, as every change does.",
		Example: "vastdeck label 21480311 trainer\nvastdeck label 21480311 21480312 train",
		Args:    cobra.MinimumNArgs(2), ValidArgsFunction: a.completeInstances,
		RunE: func(c *cobra.Command, args []string) error {
			return a.change(c, &f, func(_ context.Context, e *errand) ([]rental.Plan, error) {
				name := args[len(args)-1]
				targets, err := findAmong(e.desk.Instances, args[:len(args)-1])
				if err != nil {
					return nil, err
				}
				p, err := planNames(targets, name, first, e.desk)
				return []rental.Plan{p}, err
			}, nil)
		},
	}
	c.Flags().IntVar(&first, "first", 0, "the number `N` that several begin with (default: the first that is free)")
	f.add(c)
	return c
}

// planNames names one instance, or several with numbers.
func planNames(targets []vastapi.Instance, name string, first int, d rental.Desk) (rental.Plan, error) {
	if len(targets) == 1 && first == 0 {
		return rental.PlanRename(targets[0], name, d)
	}
	if first == 0 {
		var own []vastapi.InstanceID
		for n := range targets {
			own = append(own, targets[n].ID)
		}
		first = rental.NextNumber(d.Instances, name, own)
	}
	return rental.PlanNumber(targets, name, first, d)
}

// digits reports whether s is a plain number.
func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}
