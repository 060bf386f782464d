package cli

import (
	"io"

	"github.com/spf13/cobra"

	"muster/internal/config"
)

func schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: "Print the JSON schema with which editors complete and check a configuration", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return Schema(c.OutOrStdout()) },
	}
}

// Schema is `muster schema`.
func Schema(out io.Writer) error {
	schema, err := config.Schema()
	if err != nil {
		return err
	}
	_, err = out.Write(schema)
	return err
}
