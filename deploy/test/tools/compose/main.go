// Reads a Compose file from its standard input as Docker Compose does, and prints what it makes of it.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
)

// Set by the linker.
var version = "unknown"

func main() {
	if len(os.Args) > 1 {
		fmt.Println(version)
		return
	}
	text, err := read()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(string(text))
}

func read() ([]byte, error) {
	options, err := cli.NewProjectOptions([]string{"-"}, cli.WithWorkingDirectory("."))
	if err != nil {
		return nil, err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return nil, err
	}
	return project.MarshalYAML()
}
