package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// demoVerb is the hidden verb that stands in for ssh in the demo.
const demoVerb = "demo-ssh"

// demoShellCommand says what ssh would have been started with, and is then a shell that
// knows a few answers by heart. It starts nothing and reads no file.
func (a *app) demoShellCommand() *cobra.Command {
	return &cobra.Command{
		Use: demoVerb, Hidden: true, DisableFlagParsing: true, Short: "what stands in for ssh in the demo",
		RunE: func(_ *cobra.Command, args []string) error {
			// What the keyboard sends ends neither this shell nor the demo.
			signal.Ignore(append([]os.Signal{os.Interrupt}, stopSignals...)...)
			a.code = demoShell(args, a.stdin, a.stdout)
			return nil
		},
	}
}

// demoPrompt is what a line is typed after.
const demoPrompt = "root@demo:~# "

// demoShell reads lines until one of them, or the end of the input, ends it, and returns
// the exit code.
func demoShell(args []string, in io.Reader, out io.Writer) int {
	fmt.Fprintf(out, "demo: this would run: ssh %s\r\n", strings.Join(plainArgs(args), " "))
	fmt.Fprint(out, "demo: nothing is connected to. This is a toy that knows nvidia-smi, ls, help and exit.\r\n")
	lines := bufio.NewScanner(in)
	code := 0
	for {
		fmt.Fprint(out, demoPrompt)
		if !lines.Scan() {
			fmt.Fprint(out, "\r\n")
			return code
		}
		answer := demoAnswer(lines.Text(), code)
		fmt.Fprint(out, strings.ReplaceAll(answer.text, "\n", "\r\n"))
		code = answer.code
		if answer.exit {
			return code
		}
	}
}

// plainArgs are arguments as they can be shown: whatever is not printable is quoted.
func plainArgs(args []string) []string {
	shown := make([]string, 0, len(args))
	for _, arg := range args {
		if q := strconv.QuoteToASCII(arg); len(q) != len(arg)+2 || strings.ContainsAny(arg, " '") {
			arg = q
		}
		shown = append(shown, arg)
	}
	return shown
}

// answer is what the toy says to a line.
type answer struct {
	text string
	code int
	exit bool
}

// demoAnswers are the lines the toy knows by heart.
var demoAnswers = map[string]string{
	"help":       "This is a demonstration: nvidia-smi, ls, pwd, whoami, hostname, uname, df, free, uptime, echo, true, false, help, exit.\n",
	"ls":         "checkpoints  data  train.py\n",
	"pwd":        "/root\n",
	"whoami":     "root\n",
	"hostname":   "demo\n",
	"uname":      "Linux\n",
	"uptime":     " 12:00:00 up 1 day,  3:14,  1 user,  load average: 0.42, 0.40, 0.38\n",
	"df":         "Filesystem  1K-blocks    Used Available Use% Mounted on\noverlay      41943040 8388608  33554432  20% /\n",
	"free":       "       total    used    free\nMem:   64 GB    9 GB   55 GB\n",
	"true":       "",
	"nvidia-smi": demoSMI,
}

const demoSMI = `+-----------------------------------------------------------------------+
| NVIDIA-SMI (demo)            Driver Version: 550.90   CUDA: 12.4      |
|-------------------------------+------------------+--------------------|
| GPU  Name                Temp | Pwr:Usage/Cap    | Memory-Usage  Util |
|===============================+==================+====================|
|   0  NVIDIA RTX 4090      61C | 287W / 450W      | 18412 / 24564  97% |
+-------------------------------+------------------+--------------------+
`

// demoAnswer is what the toy says to a line; last is the exit code of the one before.
func demoAnswer(line string, last int) answer {
	words := strings.Fields(line)
	if len(words) == 0 {
		return answer{code: last}
	}
	switch words[0] {
	case "exit", "logout":
		return exitAnswer(words[1:], last)
	case "echo":
		rest := strings.ReplaceAll(strings.Join(words[1:], " "), "$?", strconv.Itoa(last))
		return answer{text: rest + "\n"}
	case "false":
		return answer{code: 1}
	}
	if text, ok := demoAnswers[words[0]]; ok {
		return answer{text: text}
	}
	return answer{text: "demo: " + strconv.QuoteToASCII(words[0]) + " is not part of the demonstration; try help\n", code: 127}
}

func exitAnswer(args []string, last int) answer {
	if len(args) == 0 {
		return answer{code: last, exit: true}
	}
	code, err := strconv.Atoi(args[0])
	if err != nil || code < 0 || code > 255 {
		return answer{text: "demo: exit takes a number from 0 to 255\n", code: 2}
	}
	return answer{code: code, exit: true}
}
