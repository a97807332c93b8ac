package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// run draws the screens named in args, or all, and gives the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("shots", flag.ContinueOnError)
	flags.SetOutput(stderr)
	folder := flags.String("dir", "screenshots", "folder with the .cells files, where the pictures go")
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: shots [-dir FOLDER] [NAME…]   draws FOLDER/NAME.cells as FOLDER/NAME.png")
	}
	if err := flags.Parse(args); err != nil {
		return 2
	}
	album := album{folder: *folder, toPNG: rsvgConvert("rsvg-convert")}
	if err := album.draw(flags.Args(), stdout); err != nil {
		fmt.Fprintln(stderr, "shots:", err)
		return 1
	}
	return 0
}
