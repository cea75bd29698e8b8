<?php

declare(strict_types=1);

require_once __DIR__ . '/lib/congvu_directory.php';
require_once __DIR__ . '/lib/congvu_identities.php';
require_once __DIR__ . '/lib/congvu_folders.php';

/**
 * What the estate adds to Roundcube: who somebody is and in whose names they write, as the directory has it at each
 * sign-in; its address book by agency and unit; names for shared folders; help; and Vietnamese words where Roundcube
 * has none.
 */
class congvu extends rcube_plugin
{
    private const BOOK = 'congvu';

    private rcmail $rcmail;
    private congvu_directory $directory;
    private congvu_folders $folders;

    #[Override]
    public function init(): void
    {
        $this->rcmail = rcmail::get_instance();
        $this->directory = new congvu_directory((array) $this->rcmail->config->get('congvu_book'));
        $this->folders = new congvu_folders($this->directory);
        $this->words();

        $this->add_hook('startup', [$this, 'startup']);
        $this->add_hook('authenticate', [$this, 'authenticate']);
        $this->add_hook('user_create', [$this, 'user_create']);
        $this->add_hook('login_after', [$this, 'login_after']);
        $this->add_hook('addressbooks_list', [$this, 'addressbooks_list']);
        $this->add_hook('addressbook_get', [$this, 'addressbook_get']);
        $this->add_hook('template_object_loginform', [$this, 'loginform']);
        $this->add_hook('template_object_directorylist', [$this, 'directorylist']);
        $this->add_hook('render_mailboxlist', [$this, 'folders']);
        $this->add_hook('render_folder_selector', [$this, 'folders']);
        $this->add_hook('identity_select', [$this, 'identity_select']);
        $this->add_hook('message_compose', [$this, 'message_compose']);
    }

    /**
     * Show the way to help and to people, and keep what is sent in a mailbox's name in that mailbox.
     */
    public function startup(array $args): array
    {
        if ($this->rcmail->output->type === 'html') {
            $this->help();
        }
        if ($args['task'] === 'mail' && $args['action'] === 'send' && empty($_POST['_draft'])) {
            $folder = congvu_identities::sent_folder($this->identity(rcube_utils::get_input_string('_from', rcube_utils::INPUT_POST)));
            // What is sent in an agency's name is the agency's: all who work with its mailbox find it there.
            if ($folder !== null) {
                $_POST['_store_target'] = $folder;
            }
        }

        return $args;
    }

    /**
     * Let somebody sign in as whom the directory knows, whatever address or number was typed.
     *
     * What the webmail keeps for them hangs on their number, which stays when the name, the agency and the address change.
     */
    public function authenticate(array $args): array
    {
        if ($args['user'] !== '' && ($person = $this->directory->person($args['user']))) {
            $args['user'] = $person->uid;
        }

        return $args;
    }

    /**
     * Give newcomers their name and address.
     */
    public function user_create(array $args): array
    {
        if ($person = $this->directory->person($args['user'])) {
            $args['user_name'] = $person->name;
            $args['user_email'] = $person->address;
        }

        return $args;
    }

    /**
     * Bring in whose names somebody writes to what the directory says.
     */
    public function login_after(array $args): array
    {
        $person = $this->directory->person((string) $this->rcmail->user->get_username());
        // Without the directory everything stays as it was at the last sign-in; the mail servers still decide.
        if ($person) {
            congvu_identities::follow($this->rcmail->user, $person, $this->directory->mailboxes($person->writes_as));
        }

        return $args;
    }

    public function addressbooks_list(array $args): array
    {
        $ours = [
            'id' => self::BOOK,
            'name' => $this->rcmail->config->get('congvu_book')['name'],
            'groups' => true,
            'readonly' => true,
            'autocomplete' => true,
        ];
        $args['sources'] = [self::BOOK => $ours] + $args['sources'];

        return $args;
    }

    public function addressbook_get(array $args): array
    {
        if ($args['id'] === self::BOOK) {
            require_once __DIR__ . '/lib/congvu_book.php';
            $args['instance'] = new congvu_book(
                (array) $this->rcmail->config->get('congvu_book'),
                $this->directory->places(),
                $this->rcmail->task === 'addressbook',
            );
        }

        return $args;
    }

    /**
     * Put units below their agencies in the list of groups, which Roundcube draws flat.
     */
    public function directorylist(array $args): array
    {
        require_once __DIR__ . '/lib/congvu_tree.php';
        $args['content'] = congvu_tree::nested($args['content'], self::BOOK);

        return $args;
    }

    /**
     * Call shared folders by the names of those to whom they belong.
     */
    public function folders(array $args): array
    {
        $args['list'] = $this->folders->named($args['list'], $args['delimiter']);

        return $args;
    }

    /**
     * Answer in the name of the mailbox to which a letter came, whoever its header names.
     */
    public function identity_select(array $args): array
    {
        $folder = (string) ($args['message']->folder ?? '');
        $place = congvu_identities::of_folder($folder, $args['identities']);
        if ($place !== null) {
            $args['selected'] = $place;
        }

        return $args;
    }

    /**
     * Begin a letter in the name of the mailbox that is open.
     */
    public function message_compose(array $args): array
    {
        if (empty($args['param']['from']) && empty($args['param']['reply_uid']) && empty($args['param']['draft_uid'])) {
            $identities = $this->rcmail->user->list_identities();
            $place = congvu_identities::of_folder((string) ($args['param']['mbox'] ?? $args['mailbox'] ?? ''), $identities);
            if ($place !== null) {
                $args['param']['from'] = $identities[$place]['identity_id'];
            }
        }
        $this->include_script('congvu.js');
        $this->rcmail->output->set_env('congvu_sent', $this->sent_folders());

        return $args;
    }

    /**
     * Fill the gaps of the language that is spoken, before other plug-ins put English into theirs.
     */
    private function words(): void
    {
        foreach (['en_US', $this->rcmail->get_user_language()] as $language) {
            $file = $this->home . '/localization/' . basename((string) $language) . '.php';
            if (is_readable($file)) {
                $this->rcmail->load_language(null, [], include $file);
            }
        }
    }

    /**
     * Add the guides to the bar of tasks.
     */
    private function help(): void
    {
        $this->include_stylesheet('congvu.css');
        $guides = (string) $this->rcmail->config->get('congvu_guides');
        if ($this->rcmail->task !== 'login' && !$this->rcmail->output->framed) {
            $this->add_button([
                'type' => 'link',
                'label' => 'congvu.guides',
                // Roundcube takes what begins with a slash for a part of its skin.
                'href' => '.' . $guides,
                'target' => '_blank',
                'class' => 'help',
                'innerclass' => 'inner',
            ], 'taskbar');
        }
    }

    /**
     * Say on the page of sign-in whose mail this is, and who helps those that cannot enter.
     */
    public function loginform(array $args): array
    {
        $service = html::tag('small', null, rcube::Q($this->rcmail->gettext('congvu.service')));
        $estate = html::p('congvu-estate', $service . rcube::Q((string) $this->rcmail->config->get('product_name')));
        $address = ['href' => (string) $this->rcmail->config->get('congvu_guides'), 'target' => '_blank'];
        $help = html::p(null, html::a($address, rcube::Q($this->rcmail->gettext('congvu.guides'))));
        $contact = (string) $this->rcmail->config->get('congvu_contact');
        if ($contact !== '') {
            $words = rcube::Q($this->rcmail->gettext('congvu.trouble'));
            $help .= html::p(null, $words . ' ' . html::tag('strong', null, rcube::Q($contact)));
        }
        $args['content'] = $estate . $args['content'] . html::div('congvu-help', $help);

        return $args;
    }

    /**
     * Where letters of each identity are kept that is not the person's own, by identity.
     */
    private function sent_folders(): array
    {
        $folders = [];
        foreach ($this->rcmail->user->list_identities() as $identity) {
            $folder = congvu_identities::sent_folder($identity);
            if ($folder !== null) {
                $folders[$identity['identity_id']] = $folder;
            }
        }

        return $folders;
    }

    private function identity(string $id): ?array
    {
        return ctype_digit($id) ? ($this->rcmail->user->get_identity((int) $id) ?: null) : null;
    }
}
