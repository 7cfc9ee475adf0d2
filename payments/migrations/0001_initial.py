import django.db.models.deletion
import marketplace.core.secrets
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orders', '0001_initial'),
        ('people', '__first__'),
        ('places', '0001_initial'),
        ('vendors', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('provider', models.CharField(choices=[('sepay', 'Sepay'), ('casso', 'Casso'), ('payos', 'Payos'), ('vietqrvn', 'Vietqrvn')], max_length=10)),
                ('auth', models.CharField(choices=[('hmac', 'Hmac'), ('api_key', 'Api Key')], default='hmac', max_length=8)),
                ('secret', marketplace.core.secrets.EncryptedTextField()),
                ('previous_secret', marketplace.core.secrets.EncryptedTextField(blank=True, default='')),
                ('previous_secret_until', models.DateTimeField(blank=True, null=True)),
                ('is_active', models.BooleanField(default=True)),
                ('made_at', models.DateTimeField()),
                ('last_notice_at', models.DateTimeField(blank=True, null=True)),
                ('market_site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='feeds', to='places.marketsite')),
                ('vendor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='feeds', to='vendors.vendor')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('market_site__isnull', True), ('vendor__isnull', False)), models.Q(('market_site__isnull', False), ('vendor__isnull', True)), _connector='OR'), name='feed_belongs_to_one')],
            },
        ),
        migrations.CreateModel(
            name='NoticeDelivery',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('received_at', models.DateTimeField()),
                ('raw_body', models.BinaryField(null=True)),
                ('body_sha256', models.CharField(max_length=64)),
                ('feed', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='payments.feed')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('raw_body__isnull', False)), fields=['received_at'], name='notice_delivery_by_age')],
            },
        ),
        migrations.CreateModel(
            name='BankNotice',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('provider_tx_id', models.CharField(max_length=100)),
                ('is_test', models.BooleanField(default=False)),
                ('is_incoming', models.BooleanField()),
                ('amount_vnd', models.BigIntegerField()),
                ('account_number', models.CharField(max_length=40)),
                ('virtual_account', models.CharField(blank=True, max_length=40)),
                ('content', models.CharField(blank=True, max_length=4096)),
                ('code_hint', models.CharField(blank=True, max_length=60)),
                ('bank_reference', models.CharField(blank=True, max_length=100)),
                ('happened_at', models.DateTimeField()),
                ('bank_date', models.DateField()),
                ('received_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('received', 'Received'), ('booked', 'Booked'), ('review', 'Review'), ('ignored', 'Ignored')], default='received', max_length=8)),
                ('why', models.CharField(blank=True, max_length=40)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_notices', to='orders.order')),
                ('vendor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bank_notices', to='vendors.vendor')),
                ('feed', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='payments.feed')),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='payments.noticedelivery')),
                ('same_as', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='told_again', to='payments.banknotice')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'received')), fields=['received_at'], name='notice_received'), models.Index(fields=['vendor', 'state', '-happened_at'], name='notice_by_vendor')],
                'constraints': [models.UniqueConstraint(fields=('feed', 'provider_tx_id'), name='notice_once_a_feed')],
            },
        ),
        migrations.CreateModel(
            name='ReviewItem',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('unmatched', 'Unmatched'), ('refund_due', 'Refund Due'), ('partial', 'Partial')], max_length=10)),
                ('amount_vnd', models.BigIntegerField()),
                ('opened_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('resolution', models.CharField(blank=True, max_length=200)),
                ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('notice', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='review_item', to='payments.banknotice')),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='orders.order')),
                ('vendor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='review_items', to='vendors.vendor')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['vendor', '-opened_at'], name='review_open')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True), ('notice__isnull', True), ('order__isnull', False)), fields=('order', 'kind'), name='one_open_review_an_order_and_kind'), models.CheckConstraint(condition=models.Q(('amount_vnd__gt', 0)), name='review_amount_positive')],
            },
        ),
        migrations.CreateModel(
            name='TransactionItem',
            fields=[
                ('metadata', models.JSONField(blank=True, default=dict)),
                ('private_metadata', models.JSONField(blank=True, default=dict)),
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('gateway', models.CharField(default='market40.vietqr', max_length=40)),
                ('psp_reference', models.CharField(blank=True, max_length=64)),
                ('idempotency_key', models.CharField(blank=True, max_length=100, null=True)),
                ('made_at', models.DateTimeField()),
                ('checkout', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='transactions', to='orders.checkout')),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transactions', to='orders.order')),
                ('payment_code', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transactions', to='orders.paymentcode')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('payment_code__isnull', False)), fields=('payment_code',), name='one_transaction_a_code')],
            },
        ),
        migrations.CreateModel(
            name='TransactionEvent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('type', models.CharField(choices=[('charge_action_required', 'Charge Action Required'), ('charge_success', 'Charge Success'), ('charge_failure', 'Charge Failure'), ('refund_success', 'Refund Success')], max_length=24)),
                ('amount_vnd', models.BigIntegerField()),
                ('psp_reference', models.CharField(blank=True, max_length=120)),
                ('confirmation', models.CharField(blank=True, choices=[('bank', 'Bank'), ('card', 'Card'), ('vendor', 'Vendor'), ('cash', 'Cash')], max_length=6)),
                ('message', models.CharField(blank=True, max_length=300)),
                ('happened_at', models.DateTimeField()),
                ('bank_date', models.DateField()),
                ('channel', models.CharField(max_length=8)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='places.commune')),
                ('notice', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='booking', to='payments.banknotice')),
                ('order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='transaction_events', to='orders.order')),
                ('vendor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='vendors.vendor')),
                ('transaction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='payments.transactionitem')),
            ],
            options={
                'indexes': [models.Index(fields=['vendor', 'bank_date', '-id'], name='event_by_vendor_day'), models.Index(fields=['commune', 'bank_date', '-id'], name='event_by_commune_day'), models.Index(fields=['order', 'id'], name='event_by_order')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_vnd__gte', 0)), name='event_amount_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('type__in', ['charge_success', 'refund_success']), _negated=True), models.Q(('order__isnull', False), models.Q(('confirmation', ''), _negated=True), ('amount_vnd__gt', 0)), _connector='OR'), name='money_moves_have_confirmation')],
            },
        ),
    ]
