# What the filter found to be spam goes to Junk before any personal script sees it:
# nobody answers spam automatically, or redirects it.
require ["fileinto", "mailbox"];

if header :is "X-Spam" "Yes" {
    fileinto :create "Junk";
    stop;
}
